import { checkSource, checkSpan, orderSpans } from './check-spans.ts'
import { type LabelPlace, labelFault } from './label-place.ts'
import type { LabelledVideo } from './labelled-video.ts'
import { parseXml, type XmlElement } from './xml-tree.ts'

const format = 'elan'

const placeOf = ({ name, line }: XmlElement): LabelPlace => ({ format, at: `line ${line}, ${name}` })

/**
 * Reads an ELAN annotation file (EAF 2.0 to 2.8 and 3.0, `http://www.mpi.nl/tools/elan/EAFv3.0.xsd`): times are
 * milliseconds of the first medium, a tier is an ELAN tier. A `REF_ANNOTATION` has the time of the annotation it refers
 * to; what ELAN would have to interpolate (subdivisions, slots without a time) is refused.
 * Throws the interchange's faults with line and element.
 */
export function parseElan(text: string): LabelledVideo {
  const root = parseXml(format, text)
  const version = root.attributes.get('FORMAT') ?? '3.0'
  if (root.name !== 'ANNOTATION_DOCUMENT' || !/^(2\.[0-8]|3\.0)$/.test(version)) {
    const problem = 'an ANNOTATION_DOCUMENT of FORMAT 2.0 to 2.8 or 3.0 is read'
    throw labelFault('labels_unsupported', placeOf(root), { value: `${root.name} ${version}`, problem })
  }
  const source = readSource(root)
  const slots = readSlots(root)
  const annotations = readAnnotations(root)
  const placed = [...annotations.values()].map(annotation => {
    const { startSlot, endSlot } = alignedOf(annotations, annotation)
    return checkSpan(placeOf(annotation.element), {
      startSeconds: timeOf(slots, annotation.element, startSlot) / 1000,
      endSeconds: timeOf(slots, annotation.element, endSlot) / 1000,
      label: annotation.label,
      tier: annotation.tier,
    })
  })
  return { source, spans: orderSpans(placed) }
}

const childrenOf = (element: XmlElement, name: string): readonly XmlElement[] =>
  element.children.filter(child => child.name === name)

function attributeOf(element: XmlElement, name: string): string {
  const value = element.attributes.get(name)
  if (value !== undefined && value !== '') return value
  throw labelFault('labels_unreadable', placeOf(element), { problem: `no ${name}` })
}

function readSource(root: XmlElement): string | null {
  const [header] = childrenOf(root, 'HEADER')
  if (header === undefined) return null
  const units = header.attributes.get('TIME_UNITS') ?? 'milliseconds'
  if (units !== 'milliseconds') {
    throw labelFault('labels_unsupported', placeOf(header), { value: units, problem: 'TIME_UNITS are milliseconds' })
  }
  const [medium] = childrenOf(header, 'MEDIA_DESCRIPTOR')
  if (medium === undefined) return null
  const origin = medium.attributes.get('TIME_ORIGIN') ?? '0'
  if (Number(origin) !== 0) {
    const problem = 'times would not count from the beginning of the video'
    throw labelFault('labels_unsupported', placeOf(medium), { value: `TIME_ORIGIN ${origin}`, problem })
  }
  return checkSource(placeOf(medium), attributeOf(medium, 'MEDIA_URL'))
}

/** Milliseconds by slot, null where ELAN leaves the time open. */
function readSlots(root: XmlElement): ReadonlyMap<string, number | null> {
  const slots = new Map<string, number | null>()
  for (const slot of childrenOf(root, 'TIME_ORDER').flatMap(order => childrenOf(order, 'TIME_SLOT'))) {
    const id = attributeOf(slot, 'TIME_SLOT_ID')
    if (slots.has(id)) throw labelFault('labels_repeat', placeOf(slot), { value: id, problem: 'a time slot twice' })
    const value = slot.attributes.get('TIME_VALUE')
    if (value !== undefined && !/^\d{1,15}$/.test(value)) {
      throw labelFault('label_time_invalid', placeOf(slot), { value, problem: 'not whole milliseconds from 0' })
    }
    slots.set(id, value === undefined ? null : Number(value))
  }
  return slots
}

function timeOf(slots: ReadonlyMap<string, number | null>, element: XmlElement, id: string): number {
  const time = slots.get(id)
  if (typeof time === 'number') return time
  const problem = time === null ? 'a time slot without a time' : 'no such time slot'
  throw labelFault('label_time_invalid', placeOf(element), { value: id, problem })
}

type Annotation = { readonly element: XmlElement; readonly tier: string; readonly label: string }

function readAnnotations(root: XmlElement): ReadonlyMap<string, Annotation> {
  const annotations = new Map<string, Annotation>()
  const tiers = new Set<string>()
  for (const tierElement of childrenOf(root, 'TIER')) {
    const tier = attributeOf(tierElement, 'TIER_ID')
    if (tiers.has(tier))
      throw labelFault('labels_repeat', placeOf(tierElement), { value: tier, problem: 'a tier twice' })
    tiers.add(tier)
    for (const element of childrenOf(tierElement, 'ANNOTATION').flatMap(({ children }) => children)) {
      const id = attributeOf(element, 'ANNOTATION_ID')
      if (annotations.has(id)) {
        throw labelFault('labels_repeat', placeOf(element), { value: id, problem: 'an annotation twice' })
      }
      annotations.set(id, { element, tier, label: childrenOf(element, 'ANNOTATION_VALUE')[0]?.text ?? '' })
    }
  }
  return annotations
}

/** The slots of an annotation, or of the one it refers to in the end. */
function alignedOf(
  annotations: ReadonlyMap<string, Annotation>,
  from: Annotation,
): { startSlot: string; endSlot: string } {
  let annotation = from
  for (let hops = 0; hops <= annotations.size; hops++) {
    const { element } = annotation
    if (element.name === 'ALIGNABLE_ANNOTATION') {
      return { startSlot: attributeOf(element, 'TIME_SLOT_REF1'), endSlot: attributeOf(element, 'TIME_SLOT_REF2') }
    }
    if (element.name !== 'REF_ANNOTATION' || element.attributes.has('PREVIOUS_ANNOTATION')) {
      throw labelFault('labels_unsupported', placeOf(element), { problem: 'an annotation without a time of its own' })
    }
    const id = attributeOf(element, 'ANNOTATION_REF')
    const next = annotations.get(id)
    if (next === undefined) {
      throw labelFault('labels_unreadable', placeOf(element), { value: id, problem: 'no such annotation' })
    }
    annotation = next
  }
  throw labelFault('labels_unreadable', placeOf(from.element), {
    problem: 'annotations refer to each other in a circle',
  })
}
