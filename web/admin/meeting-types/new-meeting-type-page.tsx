import { useNavigate } from '@tanstack/react-router'
import { useMe } from '../client/me.ts'
import { useSettings } from '../client/organization.ts'
import { Loaded } from '../parts/states.tsx'
import { Editor } from './editor.tsx'
import { newType } from './type-draft.ts'

/** `/admin/meeting-types/new`. */
export function NewMeetingTypePage() {
  const { member } = useMe()
  const settings = useSettings()
  const navigate = useNavigate()
  return (
    <Loaded query={settings}>
      {({ confirm_email_default: confirmEmail }) => (
        <Editor
          title="New meeting type"
          initial={newType(member?.id, { confirmEmail })}
          id={null}
          onSaved={({ id }) => void navigate({ to: '/meeting-types/$id', params: { id: String(id) }, replace: true })}
        />
      )}
    </Loaded>
  )
}
