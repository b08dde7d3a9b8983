import sax, { type SAXOptions } from 'sax'
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

/**
 * A document's root. No document type is accepted, so there is nothing to expand and nothing to fetch: only XML's own
 * five entities and character references exist. Throws `labels_too_many`, `labels_unreadable`, `labels_unsupported`
 * with the line.
 */
export function parseXml(format: LabelFormat, text: string): XmlElement {
  checkLength(format, text)
  const parser = sax.parser(true, STRICT)
  const refuse = (code: 'labels_unreadable' | 'labels_unsupported', problem: string, cause?: unknown) =>
    labelFault(code, { format, at: `line ${parser.line + 1}` }, { problem }, cause)
  const open: Growing[] = []
  let root: Growing | undefined

  parser.onopentag = ({ name, attributes }) => {
    const entries = Object.entries(attributes).map(([key, value]) => [key, String(value)] as const)
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
