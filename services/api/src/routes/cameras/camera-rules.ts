import { cameraSealContext, type Seal } from '@takt/db'
import { parseCameraUrl, VideoError } from '@takt/video'
import { apiError } from '../../errors.ts'

/** A camera's URL as it is stored. */
export interface StoredUrl {
  readonly urlSealed: Uint8Array<ArrayBuffer>
  readonly urlShown: string
}

/** Checks a URL and seals it for one camera; throws `camera-url-refused`, which does not repeat it. */
export function storeCameraUrl(seal: Seal, camera: string, text: string): StoredUrl {
  checkCameraUrl(text)
  return { urlSealed: seal.seal(text, cameraSealContext(camera)), urlShown: withoutCredentials(text) }
}

function checkCameraUrl(text: string): void {
  try {
    parseCameraUrl(text)
  } catch (error) {
    if (!(error instanceof VideoError)) throw error
    // The cause is left out: it is ours to say what a client reads, and a log needs no more.
    throw apiError('camera-url-refused', { reason: error.message.replace(/^.*refused: /, '') })
  }
}

/** Scheme, host, port and path: a query may hold a password as well. */
const withoutCredentials = (text: string): string => {
  const { protocol, host, pathname } = new URL(text)
  return `${protocol}//${host}${pathname}`
}

/** Removing a camera frees its name for a new one; its history keeps the old one, marked by the id. */
export const removedName = (camera: { readonly name: string; readonly id: string }): string =>
  `${camera.name} (removed ${camera.id})`
