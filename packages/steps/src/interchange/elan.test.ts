import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyVideo, refusals, sample, span } from '../../test/interchange/spans.ts'
import { parseElan } from './elan.ts'
import { MOTION_TIER } from './labelled-video.ts'
import { printElan } from './print-elan.ts'

const writtenAt = new Date(Date.UTC(2026, 10, 24, 8))

describe('labels of ELAN', () => {
  it('are the annotations of each tier, those that refer to another at its time', () => {
    expect(parseElan(sample('bench.eaf'))).toEqual({
      source: 'file:///videos/bench%20one.mp4',
      spans: [
        span(0.5, 1, 'reach', MOTION_TIER),
        span(0.5, 2.25, 'pick'),
        span(2.25, 10, 'left hand', 'note'),
        span(2.25, 10, 'screw & “tighten”'),
      ],
    })
  })

  it('are written as ELAN writes them', () => {
    const spans = [span(0, 1.5, 'pick & place'), span(0.25, 0.5, 'reach', MOTION_TIER)]
    expect(printElan({ source: 'a.mp4', spans }, writtenAt)).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <ANNOTATION_DOCUMENT AUTHOR="" DATE="2026-11-24T08:00:00.000Z" FORMAT="3.0" VERSION="3.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">
        <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
          <MEDIA_DESCRIPTOR MEDIA_URL="a.mp4" MIME_TYPE="video/mp4"/>
        </HEADER>
        <TIME_ORDER>
          <TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="0"/>
          <TIME_SLOT TIME_SLOT_ID="ts3" TIME_VALUE="250"/>
          <TIME_SLOT TIME_SLOT_ID="ts4" TIME_VALUE="500"/>
          <TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="1500"/>
        </TIME_ORDER>
        <TIER LINGUISTIC_TYPE_REF="default-lt" TIER_ID="task">
          <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">
              <ANNOTATION_VALUE>pick &amp; place</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
          </ANNOTATION>
        </TIER>
        <TIER LINGUISTIC_TYPE_REF="default-lt" TIER_ID="motion">
          <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" TIME_SLOT_REF1="ts3" TIME_SLOT_REF2="ts4">
              <ANNOTATION_VALUE>reach</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
          </ANNOTATION>
        </TIER>
        <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="default-lt" TIME_ALIGNABLE="true"/>
      </ANNOTATION_DOCUMENT>
      "
    `)
  })

  it('are the same after writing and reading, whatever the names contain', () => {
    fc.assert(
      fc.property(anyVideo, video => {
        expect(parseElan(printElan(video, writtenAt))).toEqual(video)
      }),
    )
  })

  it('are whole milliseconds, and not written where nothing would be left', () => {
    const round = (start: number, end: number) =>
      parseElan(printElan({ source: null, spans: [span(start, end, 'a')] }, writtenAt)).spans
    expect(round(0.0004, 1.2346)).toEqual([span(0, 1.235, 'a')])
    expect(() => round(1, 1.0001)).toThrow(/spans\[0\], value=\[1,1\.0001\], problem=shorter than a millisecond/)
  })
})

/** A document with one annotation from ts1 to ts2. */
function document(
  parts: { head?: string; root?: string; header?: string; slots?: string; tiers?: string } = {},
): string {
  const slots = '<TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="0"/><TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="1000"/>'
  const {
    head = '',
    root = 'FORMAT="3.0"',
    header = '<HEADER/>',
    tiers = tier('task', aligned('a1', 'ts1', 'ts2')),
  } = parts
  return `${head}<ANNOTATION_DOCUMENT ${root}>\n${header}\n<TIME_ORDER>${parts.slots ?? slots}</TIME_ORDER>\n${tiers}</ANNOTATION_DOCUMENT>`
}
const tier = (id: string, ...annotations: string[]): string =>
  `<TIER TIER_ID="${id}">${annotations.map(one => `\n<ANNOTATION>${one}</ANNOTATION>`).join('')}</TIER>`
const aligned = (id: string, from: string, to: string, value = 'pick'): string =>
  `<ALIGNABLE_ANNOTATION ANNOTATION_ID="${id}" TIME_SLOT_REF1="${from}" TIME_SLOT_REF2="${to}"><ANNOTATION_VALUE>${value}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION>`
const referring = (id: string, to: string, rest = ''): string =>
  `<REF_ANNOTATION ANNOTATION_ID="${id}" ANNOTATION_REF="${to}" ${rest}><ANNOTATION_VALUE>x</ANNOTATION_VALUE></REF_ANNOTATION>`
const slot = (id: string, value: string): string => `<TIME_SLOT TIME_SLOT_ID="${id}" TIME_VALUE="${value}"/>`

const billionLaughs = `<!DOCTYPE lolz [\n<!ENTITY lol "lol">\n${Array.from(
  { length: 9 },
  (_, i) => `<!ENTITY lol${i + 1} "${`&lol${i || ''};`.repeat(10)}">`,
).join('\n')}\n]>\n`

describe('an EAF is refused', () => {
  it('never for being plain', () => {
    expect(parseElan(document())).toEqual({ source: null, spans: [span(0, 1, 'pick')] })
    expect(parseElan(document({ root: '' })).spans).toHaveLength(1)
    expect(parseElan(document({ tiers: tier('task', aligned('a1', 'ts1', 'ts2', '<![CDATA[R&D]]>')) })).spans).toEqual([
      span(0, 1, 'R&D'),
    ])
  })

  it.each(
    refusals([
      ['', /at=line 1.*no element/],
      ['nonsense', /at=line 1.*Non-whitespace before first tag/],
      ['<ANNOTATION_DOCUMENT>', /at=line 1.*Unclosed root tag/],
      ['<ANNOTATION_DOCUMENT>\n</TIER>', /at=line 2.*Unexpected close tag/],
      ['<ANNOTATION_DOCUMENT/><ANNOTATION_DOCUMENT/>', /a second root/],
      ['<TextGrid/>', /value="TextGrid 3\.0", problem=an ANNOTATION_DOCUMENT/],
      [document({ root: 'FORMAT="4.0"' }), /line 1, ANNOTATION_DOCUMENT, value="ANNOTATION_DOCUMENT 4\.0"/],
      [document({ header: '<HEADER TIME_UNITS="PAL-frames"/>' }), /line 2, HEADER, value="PAL-frames"/],
      [document({ header: '<HEADER><MEDIA_DESCRIPTOR/></HEADER>' }), /MEDIA_DESCRIPTOR, problem=no MEDIA_URL/],
      [
        document({ header: '<HEADER><MEDIA_DESCRIPTOR MEDIA_URL="a.mp4" TIME_ORIGIN="400"/></HEADER>' }),
        /value="TIME_ORIGIN 400", problem=times would not count from the beginning/,
      ],
      [document({ slots: slot('ts1', '0') }), /line 5, ALIGNABLE_ANNOTATION, value="ts2", problem=no such time slot/],
      [
        document({ slots: `${slot('ts1', '0')}<TIME_SLOT TIME_SLOT_ID="ts2"/>` }),
        /value="ts2", problem=a time slot without a time/,
      ],
      [document({ slots: `${slot('ts1', '0')}${slot('ts1', '9')}` }), /value="ts1", problem=a time slot twice/],
      [document({ slots: '<TIME_SLOT TIME_VALUE="0"/>' }), /line 3, TIME_SLOT, problem=no TIME_SLOT_ID/],
      ...['-1', 'NaN', '1.5', '', '1e3', '9'.repeat(400)].map(
        value =>
          [document({ slots: slot('ts1', value) }), /line 3, TIME_SLOT, value=.*, problem=not whole milli/] as const,
      ),
      [document({ slots: slot('ts1', '0') + slot('ts2', '999999999999999') }), /a date, or not in seconds/],
      [document({ tiers: tier('task', aligned('a1', 'ts2', 'ts1')) }), /value=\[1,0\], problem=the end is not after/],
      [document({ tiers: tier('task', aligned('a1', 'ts1', 'ts2', ' ')) }), /line 5.*the label is empty/],
      [document({ tiers: tier('task', aligned('a1', 'ts1', 'ts2', 'a&#10;b')) }), /control characters/],
      [document({ tiers: tier('', aligned('a1', 'ts1', 'ts2')) }), /line 4, TIER, problem=no TIER_ID/],
      [document({ tiers: tier('a') + tier('a') }), /line 4, TIER, value="a", problem=a tier twice/],
      [
        document({ tiers: tier('task', aligned('a1', 'ts1', 'ts2'), aligned('a1', 'ts1', 'ts2')) }),
        /line 6, ALIGNABLE_ANNOTATION, value="a1", problem=an annotation twice/,
      ],
      [
        document({ tiers: tier('task', aligned('a1', 'ts1', 'ts2'), aligned('a2', 'ts1', 'ts2')) }),
        /line 6, ALIGNABLE_ANNOTATION, value=0, problem=begins before 1, where "pick" of line 5/,
      ],
      [document({ tiers: tier('task', referring('a1', 'a9')) }), /value="a9", problem=no such annotation/],
      [document({ tiers: tier('task', referring('a1', 'a2'), referring('a2', 'a1')) }), /in a circle/],
      [
        document({ tiers: tier('task', referring('a1', 'a1', 'PREVIOUS_ANNOTATION="a0"')) }),
        /without a time of its own/,
      ],
      [document({ tiers: tier('task', '<OTHER ANNOTATION_ID="a1"/>') }), /OTHER.*without a time of its own/],
      [
        document({ head: billionLaughs, tiers: tier('task', aligned('a1', 'ts1', 'ts2', '&lol9;')) }),
        /line 12, problem=a document type/,
      ],
      [
        document({ head: '<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]>', tiers: tier('task', '&f;') }),
        /line 1, problem=a document type: its entities are neither expanded nor fetched/,
      ],
      [document({ head: '<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd">' }), /a document type/],
      [document({ tiers: tier('task', aligned('a1', 'ts1', 'ts2', '&eacute;')) }), /line 5.*Invalid character entity/],
      [document({ tiers: tier('task', aligned('a1', 'ts1', 'ts2', '&#0;')) }), /Invalid character entity/],
      [`<ANNOTATION_DOCUMENT FORMAT="${'x'.repeat(200_000)}"/>`, /value="ANNOTATION_DOCUMENT x+"…/],
    ]),
  )('with $reason', ({ text, reason }) => {
    expect(() => parseElan(text)).toThrow(reason)
  })

  it('wherever it is cut', () => {
    const whole = sample('bench.eaf').trimEnd()
    for (let end = 0; end < whole.length; end += 7) {
      expect(() => parseElan(whole.slice(0, end))).toThrow(/format=elan, at=line \d+/)
    }
  })

  it('when it is gigantic', () => {
    expect(() => parseElan(' '.repeat(2 ** 24 + 1))).toThrow(/more than 16777216 characters/)
  })

  it('when it is nested, or goes on, without end', () => {
    expect(() => parseElan('<ANNOTATION_DOCUMENT>'.repeat(100_000))).toThrow(/elements more than 32 levels deep/)
    expect(() => parseElan(`<A>${'<B/>'.repeat(200_000)}`)).toThrow(/line 1, problem=more than 200000 elements/)
    expect(() => parseElan(`<A ${Array.from({ length: 65 }, (_, i) => `a${i}=""`).join(' ')}/>`)).toThrow(
      /64 attributes/,
    )
  })
})
