import { Button, FileButton, Group, Input, Stack } from '@mantine/core'
import { type ReactNode, useId, useState } from 'react'
import { ApiProblem } from '../../api/http.ts'
import { problemText } from '../../parts/problem-text.ts'
import { type AdminText, useText } from '../i18n/text.ts'
import { shrinkPicture } from './shrink-picture.ts'

type PictureFieldProps = {
  label: string
  description: string
  /** Shows the current image, or a placeholder. */
  preview: ReactNode
  hasPicture: boolean
  upload: (file: Blob) => Promise<unknown>
  remove: () => Promise<unknown>
}

/** An image field. The image is uploaded as soon as it is chosen, and can be removed. */
export function PictureField({ label, description, preview, hasPicture, upload, remove }: PictureFieldProps) {
  const { t } = useText()
  const id = useId()
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)
  const run = (change: () => Promise<unknown>) => {
    setBusy(true)
    setError(undefined)
    void change()
      .catch((problem) => setError(pictureProblemText(problem, t)))
      .finally(() => setBusy(false))
  }
  return (
    <Stack gap={6} role="group" aria-labelledby={`${id}-label`} aria-describedby={`${id}-help`}>
      <Input.Label id={`${id}-label`} component="span" labelElement="div">
        {label}
      </Input.Label>
      <Group>
        {preview}
        <FileButton
          accept="image/png,image/jpeg,image/webp"
          onChange={(file) => file && run(async () => upload(await shrinkPicture(file)))}
          inputProps={{ 'aria-label': label, tabIndex: -1 }}
        >
          {(props) => (
            <Button variant="default" size="xs" loading={busy} {...props}>
              {t(hasPicture ? 'parts.replace_picture' : 'parts.upload_picture')}
            </Button>
          )}
        </FileButton>
        {hasPicture && (
          <Button variant="subtle" size="xs" disabled={busy} onClick={() => run(remove)}>
            {t('parts.remove_picture')}
          </Button>
        )}
      </Group>
      <Input.Description id={`${id}-help`}>{description}</Input.Description>
      <div role="alert">{error && <Input.Error>{error}</Input.Error>}</div>
    </Stack>
  )
}

function pictureProblemText(problem: unknown, t: AdminText['t']): string {
  const isPicture = problem instanceof ApiProblem && [413, 415, 422].includes(problem.status)
  if (!isPicture) return problemText(problem, t)
  return t(problem.status === 413 ? 'parts.picture_too_large' : 'parts.picture_unreadable')
}
