import { secret, secretUrl, url } from '@takt/service'
import { z } from 'zod'

/** The variables of the one-shot; each can also be given as NAME_FILE. */
export const prepareEnvironment = z.object({
  DATABASE_URL: secretUrl(['postgres:', 'postgresql:']),
  OBJECT_STORE_URL: url(['file:', 's3:']),
  OBJECT_STORE_ACCESS_KEY: z.string().optional(),
  OBJECT_STORE_SECRET_KEY: secret().optional(),
})

export type PrepareConfig = z.output<typeof prepareEnvironment>
