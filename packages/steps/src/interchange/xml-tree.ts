import sax, { type SAXOptions } from 'sax'
import type { StepsFault } from '../errors.ts'
import { checkLength } from './check-spans.ts'
import { type LabelFormat, labelFault } from './label-place.ts'

export type XmlElement = {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  /** Its own character data, CDATA included, that of its children left out. */
  readonly text: string
  /** Of the end of its opening tag, from 1. */
  readonly line: number
}

type Growing = Omit<XmlElement, 'children' | 'text'> & { readonly children: Growing[]; text: string }

/** Without `strictEntities`, which the typings lack, HTML's two hundred names would pass for XML's. */
const STRICT = { position: true, strictEntities: true } as SAXOptions

/** An annotation takes five elements, six levels deep, of a few attributes. */
const MOST = { elements: 200_000, levels: 32, attributes: 64 } as const

/**
 * A document's root. No document type is accepted, so there is nothing to expand and nothing to fetch: only XML's own
 * five entities and character references exist. Throws `labels_too_many`, `labels_unreadable`, `labels_unsupported`
 * with the line.
 */
export function parseXml(format: LabelFormat, text: string): XmlElement {
  checkLength(format, text)
  const parser = sax.parser(true, STRICT)
  const refuse = (code: StepsFault, problem: string, cause?: unknown) =>
    labelFault(code, { format, at: `line ${parser.line + 1}` }, { problem }, cause)
  const open: Growing[] = []
  let root: Growing | undefined
  let elements = 0
  let attributes = 0

  parser.onattribute = () => {
    attributes++
    if (attributes > MOST.attributes) throw refuse('labels_too_many', `more than ${MOST.attributes} attributes`)
  }
  parser.onopentag = ({ name, attributes: given }) => {
    attributes = 0
    elements++
    if (elements > MOST.elements) throw refuse('labels_too_many', `more than ${MOST.elements} elements`)
    if (open.length === MOST.levels) throw refuse('labels_too_many', `elements more than ${MOST.levels} levels deep`)
    const entries = Object.entries(given).map(([key, value]) => [key, String(value)] as const)
    const element = { name, attributes: new Map(entries), children: [], text: '', line: parser.line + 1 }
    if (open.length === 0 && root !== undefined) throw refuse('labels_unreadable', `a second root, <${name}>`)
    root ??= element
    open.at(-1)?.children.push(element)
    open.push(element)
  }
  parser.onclosetag = () => void open.pop()
  const take = (characters: string) => {
    const element = open.at(-1)
    if (element) element.text += characters
  }
  parser.ontext = take
  parser.oncdata = take
  parser.ondoctype = () => {
    throw refuse('labels_unsupported', 'a document type: its entities are neither expanded nor fetched')
  }
  parser.onerror = cause => {
    throw refuse('labels_unreadable', cause.message.split('\n')[0]!.slice(0, 200), cause)
  }
  parser.write(text).close()
  if (root === undefined) throw refuse('labels_unreadable', 'no element')
  return root
}
