/**
 * What an unreadable file means for the camera's time. `none`: it covers none, such as what an interrupted cut leaves.
 * `codec`: it holds no video that can be kept, which the end of the capture says as well. `lost`: its time is lost.
 */
export type UnreadableMeaning = 'none' | 'codec' | 'lost'

const meanings: Readonly<Record<string, UnreadableMeaning>> = {
  'segment-empty': 'none',
  'segment-without-fragments': 'none',
  'segment-not-video': 'codec',
}

export const unreadableMeaning = (code: string): UnreadableMeaning => meanings[code] ?? 'lost'
