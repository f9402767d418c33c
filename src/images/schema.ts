import { z } from 'zod'

export const imageParamsSchema = z.strictObject({ hash: z.string().max(100) })

/** The URL of an uploaded image, as the API returns it. */
export const imagePathSchema = z.string().meta({
  description:
    'The path of the picture on this server. The path changes when the picture changes, so the picture can be cached',
})
