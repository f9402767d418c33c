import { useNavigate } from '@tanstack/react-router'
import { useMe } from '../client/me.ts'
import { Editor } from './editor.tsx'
import { newType } from './type-draft.ts'

/** `/admin/meeting-types/new`. */
export function NewMeetingTypePage() {
  const { member } = useMe()
  const navigate = useNavigate()
  return (
    <Editor
      title="New meeting type"
      initial={newType(member?.id)}
      id={null}
      onSaved={({ id }) => void navigate({ to: '/meeting-types/$id', params: { id: String(id) }, replace: true })}
    />
  )
}
