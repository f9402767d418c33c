import { Alert, Button, Group, Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { ApiProblem } from '../../api/http.ts'
import { useResourceForm } from '../../parts/resource-form.ts'
import { exportPerson, type PersonExport, useErasePerson } from '../client/people.ts'
import { FormSubmit } from '../parts/form-actions.tsx'
import { TypedConfirm } from '../parts/typed-confirm.tsx'

/** Finds what is stored about an e-mail address. */
export function PersonSearch() {
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
              A person’s data
            </Title>
            <TextInput
              label="E-mail address"
              description="Letter case does not matter."
              type="email"
              autoComplete="off"
              required
              withAsterisk={false}
              {...form.text('email')}
            />
            <FormSubmit form={form} disabled={form.values.email.trim() === ''}>
              Search
            </FormSubmit>
          </Stack>
        </form>
        <div role="status">
          {found &&
            (found.person ? (
              <FoundPerson email={found.email} person={found.person} onErased={() => setFound(null)} />
            ) : (
              <Text>Nothing is stored about {found.email}.</Text>
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
  const [asking, setAsking] = useState(false)
  const erasure = useErasePerson(onErased)
  const isMember = person.members.some(({ deleted_at }) => deleted_at === null)
  return (
    <Stack>
      <Table aria-label={`Stored about ${email}`} withRowBorders={false} verticalSpacing={4}>
        <Table.Tbody>
          {countsOf(person).map(([what, count]) => (
            <Table.Tr key={what}>
              <Table.Th scope="row">{what}</Table.Th>
              <Table.Td ta="right">{count}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {isMember && (
        <Alert color="brand">
          {email} is a member of the organization. Delete the member first to erase the person.
        </Alert>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={() => download(person)}>
          Download export
        </Button>
        <Button color="bad" variant="outline" disabled={isMember} onClick={() => setAsking(true)}>
          Erase…
        </Button>
      </Group>
      <TypedConfirm
        opened={asking}
        title={`Erase ${email}?`}
        expected={email}
        anyCase
        action="Erase person"
        busy={erasure.isPending}
        onConfirm={() => erasure.mutate({ email }, { onSettled: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      >
        Name, address, answers and messages are overwritten everywhere, also in the activities that webhooks send. The
        meetings stay. Backups, and the systems behind your webhooks, keep their copies. This cannot be undone.
      </TypedConfirm>
    </Stack>
  )
}

function countsOf(person: PersonExport): [string, number][] {
  return [
    ['Meetings', person.meetings.length],
    ['Activities', person.activities.length],
    ['E-mails', person.mails.length],
    ['Webhook deliveries', person.deliveries.length],
    ['Requests recorded by inspectors', person.recorded_requests.length],
    ['Responses kept for retries', person.stored_responses.length],
    ['Entries of the audit log', person.audit_entries.length],
    ['Unconfirmed bookings', person.holds.length],
    ['Blocks of the address', person.blocked_attendees.length],
    ['Entries as a member', person.members.length],
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
