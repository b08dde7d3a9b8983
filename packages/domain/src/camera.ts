/**
 * What a camera is doing, as people and alerts read it.
 * `streaming` is the only good one; `spool-full` keeps the connection but cannot keep its video.
 */
export const cameraStates = [
  'starting',
  'streaming',
  'stalled',
  'refused',
  'unreachable',
  'wrong-codec',
  'spool-full',
  'failed',
  'disabled',
] as const
export type CameraState = (typeof cameraStates)[number]

export const transports = ['tcp', 'udp'] as const
export type Transport = (typeof transports)[number]
