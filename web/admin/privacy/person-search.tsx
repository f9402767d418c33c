import { Alert, Button, Group, Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { ApiProblem } from '../../api/http.ts'
import { useResourceForm } from '../../parts/resource-form.ts'
import { exportPerson, type PersonExport, useErasePerson } from '../client/people.ts'
import type { AdminKey } from '../i18n/catalog.ts'
import { useText } from '../i18n/text.ts'
import { FormSubmit } from '../parts/form-actions.tsx'
import { TypedConfirm } from '../parts/typed-confirm.tsx'

/** Finds the stored data about an email address. */
export function PersonSearch() {
  const { t } = useText()
  const [found, setFound] = useState<{ email: string; person: PersonExport | null } | null>(null)
  const form = useResourceForm({
    initial: { email: '' },
    save: async ({ email }) => ({ email: email.trim(), person: await findPerson(email.trim()) }),
    onSaved: setFound,
  })
  return (
    <section aria-labelledby="person-search" className="card">
      <Stack>
        <form onSubmit={form.submit} noValidate>
          <Stack>
            <Title order={2} size="h4" id="person-search">
              {t('privacy.person')}
            </Title>
            <TextInput
              label={t('privacy.address')}
              description={t('privacy.address_help')}
              type="email"
              autoComplete="off"
              required
              withAsterisk={false}
              {...form.text('email')}
            />
            <FormSubmit form={form} disabled={form.values.email.trim() === ''}>
              {t('parts.search')}
            </FormSubmit>
          </Stack>
        </form>
        <div role="status">
          {found &&
            (found.person ? (
              <FoundPerson email={found.email} person={found.person} onErased={() => setFound(null)} />
            ) : (
              <Text>{t('privacy.nothing', { email: found.email })}</Text>
            ))}
        </div>
      </Stack>
    </section>
  )
}

async function findPerson(email: string): Promise<PersonExport | null> {
  try {
    return await exportPerson(email)
  } catch (problem) {
    if (problem instanceof ApiProblem && problem.status === 404) return null
    throw problem
  }
}

function FoundPerson({ email, person, onErased }: { email: string; person: PersonExport; onErased: () => void }) {
  const { t } = useText()
  const [asking, setAsking] = useState(false)
  const erasure = useErasePerson(onErased)
  const isMember = person.members.some(({ deleted_at }) => deleted_at === null)
  return (
    <Stack>
      <Table aria-label={t('privacy.stored_about', { email })} withRowBorders={false} verticalSpacing={4}>
        <Table.Tbody>
          {countsOf(person).map(([what, count]) => (
            <Table.Tr key={what}>
              <Table.Th scope="row">{t(what)}</Table.Th>
              <Table.Td ta="right">{count}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {isMember && <Alert color="brand">{t('privacy.is_member', { email })}</Alert>}
      <Group justify="flex-end">
        <Button variant="default" onClick={() => download(person)}>
          {t('privacy.export')}
        </Button>
        <Button color="bad" variant="outline" disabled={isMember} onClick={() => setAsking(true)}>
          {t('privacy.erase_open')}
        </Button>
      </Group>
      <TypedConfirm
        opened={asking}
        title={t('privacy.erase_question', { email })}
        expected={email}
        anyCase
        action={t('privacy.erase')}
        busy={erasure.isPending}
        onConfirm={() => erasure.mutate({ email }, { onSettled: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      >
        {t('privacy.erase_text')}
      </TypedConfirm>
    </Stack>
  )
}

function countsOf(person: PersonExport): [AdminKey, number][] {
  return [
    ['privacy.meetings', person.meetings.length],
    ['privacy.activities', person.activities.length],
    ['privacy.mails', person.mails.length],
    ['privacy.deliveries', person.deliveries.length],
    ['privacy.requests', person.recorded_requests.length],
    ['privacy.responses', person.stored_responses.length],
    ['privacy.audit_entries', person.audit_entries.length],
    ['privacy.holds', person.holds.length],
    ['privacy.blocks', person.blocked_attendees.length],
    ['privacy.member_entries', person.members.length],
  ]
}

/** Saves the export as a file. */
function download(person: PersonExport): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(person, null, 2)], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = 'person.json'
  link.click()
  URL.revokeObjectURL(url)
}
