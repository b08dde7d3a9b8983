import { decodeSafetensors } from '@takt/onnx'
import type { Api } from '../api.ts'
import { cliError } from '../errors.ts'
import { encodeEncoder, encoderOf, type StoredEncoder } from './encoder-file.ts'

/** An encoder as the plant lists it. */
export interface ListedEncoder {
  readonly id: string
  readonly name: string
  readonly method: string
  readonly serving: boolean
  readonly spec: Readonly<Record<string, unknown>>
  readonly createdAt: string
}

export const listEncoders = async (api: Api): Promise<readonly ListedEncoder[]> =>
  (await api.json<{ items: ListedEncoder[] }>('/v1/encoders')).items

/** Throws `encoder-name-taken` before anything is sent, and what the API refuses. */
export async function sendEncoder(
  api: Api,
  { name, serving, encoder }: { readonly name: string; readonly serving: boolean; readonly encoder: StoredEncoder },
): Promise<ListedEncoder> {
  const known = await listEncoders(api)
  if (known.some(one => one.name === name)) throw cliError('encoder-name-taken', { name })
  const query = new URLSearchParams({ name, serving: serving ? 'yes' : 'no' })
  return api.send<ListedEncoder>(`/v1/encoders?${query}`, encodeEncoder(encoder))
}

/** The encoder of that name or id, with its weights. Throws `encoder-unknown`. */
export async function fetchEncoder(api: Api, name: string): Promise<StoredEncoder> {
  const known = await listEncoders(api)
  const found = known.find(one => one.name === name || one.id === name)
  if (!found) throw cliError('encoder-unknown', { encoder: name, known: known.map(one => one.name) })
  return encoderOf(found.spec, decodeSafetensors(await api.bytes(`/v1/encoders/${found.id}/weights`)).tensors)
}
