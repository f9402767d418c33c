import { Text, Title } from '@mantine/core'
import { durationText, hostNames, placeIcon, placeText } from '../../booking/meeting-facts.tsx'
import { en } from '../../i18n/en.ts'
import { translator } from '../../i18n/translate.ts'
import { Icon } from '../parts/icon.tsx'
import type { TypeDraft } from './type-draft.ts'

type PreviewProps = { draft: TypeDraft; hosts: { id: number; first_name: string; last_name: string }[] }

const t = translator(en, 'en')

/** What attendees see on the booking page, and the questions they are asked. */
export function LivePreview({ draft, hosts }: PreviewProps) {
  const place = placeText(draft, t)
  const questions = draft.fields.filter(({ visible }) => visible)
  return (
    <div className="card">
      <Text size="xs" fw={600} c="dimmed" mb="sm">
        What attendees see
      </Text>
      <Title order={2} size="h4">
        {draft.name || 'Untitled'}
      </Title>
      <ul className="preview-facts">
        {hosts.length > 0 && <Line icon="person">{t('with_host', { name: hostNames(hosts, t) })}</Line>}
        <Line icon="clock">{durationText(draft.duration_minutes || 0, t)}</Line>
        {place && <Line icon={placeIcon(draft.location_type)}>{place}</Line>}
        {draft.kind === 'group' && <Line icon="people">{t('group_of', { count: draft.seats })}</Line>}
        {draft.approval === 'manual' && <Line icon="hourglass">{t('needs_approval')}</Line>}
      </ul>
      {draft.description && (
        <Text size="sm" c="dimmed" mt="md" className="pre-line">
          {draft.description}
        </Text>
      )}
      {questions.length > 0 && (
        <>
          <Text size="xs" fw={600} c="dimmed" mt="lg" mb={6}>
            Questions in addition to name and e-mail
          </Text>
          <ul>
            {questions.map((field, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a question may not have a name yet
              <li key={at}>
                <Text size="sm">
                  {field.name || '…'}
                  {!field.required && (
                    <Text span c="dimmed" size="sm">
                      {' '}
                      (optional)
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
      <span>{children}</span>
    </li>
  )
}
