import { Avatar } from '@mantine/core'
import { useState } from 'react'
import { type Member, nameOf, useRemovePhoto, useSetPhoto } from '../client/members.ts'
import { useText } from '../i18n/text.ts'
import { PictureField } from '../parts/picture-field.tsx'

/** A member's photo, or their initials. */
export function PhotoField({ member }: { member: Member }) {
  const { t } = useText()
  const change = useSetPhoto(member.id)
  const removal = useRemovePhoto(member.id)
  // The dialog keeps the member's data from when it was opened.
  const [photo, setPhoto] = useState(member.photo_url)
  return (
    <PictureField
      label={t('members.photo')}
      description={t('members.photo_help')}
      preview={<Avatar src={photo} name={nameOf(member)} color="brand" size={64} radius={32} aria-hidden="true" />}
      hasPicture={photo !== null}
      upload={async (file) => setPhoto((await change.mutateAsync(file)).photo_url)}
      remove={async () => {
        await removal.mutateAsync()
        setPhoto(null)
      }}
    />
  )
}
