import { type EncoderSpec, parseEncoderSpec } from './encoder-spec.ts'
import { type FoundationSpec, parseFoundationSpec } from './foundation/foundation-spec.ts'

/** Whatever can embed video: an encoder that Takt trains, or published weights. */
export type AnyEncoderSpec = EncoderSpec | FoundationSpec

/** A spec from parsed JSON, of either architecture; throws `bad_encoder_spec`. */
export function parseAnyEncoderSpec(json: unknown): AnyEncoderSpec {
  const isFoundation = typeof json === 'object' && json !== null && 'architecture' in json
  if (isFoundation && json.architecture === 'foundation-vit') return parseFoundationSpec({ ...json })
  return parseEncoderSpec(json)
}
