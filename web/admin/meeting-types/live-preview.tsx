import { Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { durationText, hostNames, placeIcon, placeText } from '../../booking/meeting-facts.tsx'
import { loadMessages } from '../../i18n/locale.ts'
import { translator } from '../../i18n/translate.ts'
import { useText } from '../i18n/text.ts'
import { Icon } from '../parts/icon.tsx'
import type { TypeDraft } from './type-draft.ts'

type PreviewProps = { draft: Omit<TypeDraft, 'pages'>; hosts: { id: number; first_name: string; last_name: string }[] }

/** The booking pages' texts in the reader's language. Undefined while they are loading. */
function useBookingTexts() {
  const { language, tag } = useText()
  const { data } = useQuery({
    queryKey: ['booking-texts', language],
    queryFn: () => loadMessages(language),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return data && translator(data, tag)
}

/** The attendees' view of the booking page, with the questions that they are asked. */
export function LivePreview({ draft, hosts }: PreviewProps) {
  const { t: own } = useText()
  const t = useBookingTexts()
  const place = t && placeText(draft, t)
  const questions = draft.fields.filter(({ visible }) => visible)
  return (
    <div className="card">
      <Text size="xs" fw={600} c="dimmed" mb="sm">
        {own('meetingTypes.preview_title')}
      </Text>
      <Title order={2} size="h4" dir="auto">
        {draft.name || own('meetingTypes.untitled')}
      </Title>
      <ul className="preview-facts">
        {t && hosts.length > 0 && <Line icon="person">{t('with_host', { name: hostNames(hosts, t) })}</Line>}
        {t && <Line icon="clock">{durationText(draft.duration_minutes || 0, t)}</Line>}
        {place && <Line icon={placeIcon(draft.location_type)}>{place}</Line>}
        {t && draft.kind === 'group' && <Line icon="people">{t('group_of', { count: draft.seats })}</Line>}
        {t && draft.approval === 'manual' && <Line icon="hourglass">{t('needs_approval')}</Line>}
      </ul>
      {draft.description && (
        <Text size="sm" c="dimmed" mt="md" className="pre-line" dir="auto">
          {draft.description}
        </Text>
      )}
      {questions.length > 0 && (
        <>
          <Text size="xs" fw={600} c="dimmed" mt="lg" mb={6}>
            {own('meetingTypes.preview_questions')}
          </Text>
          <ul>
            {questions.map((field, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a question may not have a name yet
              <li key={at}>
                <Text size="sm" dir="auto">
                  {field.name || '…'}
                  {!field.required && (
                    <Text span c="dimmed" size="sm">
                      {' '}
                      ({own('parts.optional')})
                    </Text>
                  )}
                </Text>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

function Line({ icon, children }: { icon: Parameters<typeof Icon>[0]['name']; children: string }) {
  return (
    <li className="preview-line">
      <Icon name={icon} size={17} />
      <span dir="auto">{children}</span>
    </li>
  )
}
