import { useNavigate } from '@tanstack/react-router'
import { useMe } from '../shell/session.tsx'
import { Editor } from './editor.tsx'
import { createMeetingType } from './queries.ts'
import { newType } from './type-draft.ts'

/** `/admin/meeting-types/new`. */
export function NewMeetingTypePage() {
  const { member } = useMe()
  const navigate = useNavigate()
  return (
    <Editor
      title="New meeting type"
      initial={newType(member?.id)}
      isNew
      save={createMeetingType}
      onSaved={({ id }) => void navigate({ to: '/meeting-types/$id', params: { id: String(id) }, replace: true })}
    />
  )
}
