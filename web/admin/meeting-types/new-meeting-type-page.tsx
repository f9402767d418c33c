import { useNavigate } from '@tanstack/react-router'
import { useMe } from '../client/me.ts'
import { useMeetingTypes } from '../client/meeting-types.ts'
import { useSettings } from '../client/organization.ts'
import { usePages } from '../client/pages.ts'
import { useText } from '../i18n/text.ts'
import { Loaded } from '../parts/states.tsx'
import { Editor } from './editor.tsx'
import { newType, ownPage } from './type-draft.ts'

/** `/admin/meeting-types/new`. */
export function NewMeetingTypePage() {
  const { t } = useText()
  const { member } = useMe()
  const settings = useSettings()
  const pages = usePages()
  const types = useMeetingTypes()
  const navigate = useNavigate()
  return (
    <Loaded query={settings}>
      {({ confirm_email_default: confirmEmail }) => (
        <Loaded query={pages}>
          {(allPages) => (
            <Loaded query={types}>
              {(allTypes) => (
                <Editor
                  title={t('meetingTypes.new')}
                  initial={newType(member?.id, { confirmEmail, pages: ownPage(allPages, allTypes, member?.id) })}
                  id={null}
                  onSaved={({ id }) =>
                    void navigate({ to: '/meeting-types/$id', params: { id: String(id) }, replace: true })
                  }
                />
              )}
            </Loaded>
          )}
        </Loaded>
      )}
    </Loaded>
  )
}
