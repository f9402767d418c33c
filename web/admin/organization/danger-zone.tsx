import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useAccount } from '../client/account.ts'
import { type Settings, useDeleteOrganization } from '../client/organization.ts'
import { TypedConfirm } from '../parts/typed-confirm.tsx'

/** Deletes the organization, after its name was typed. */
export function DangerZone({ settings: { name } }: { settings: Settings }) {
  const [asking, setAsking] = useState(false)
  const deletion = useDeleteOrganization(name)
  const account = useAccount()
  const isOnly = (account.data?.organizations.length ?? 1) < 2
  return (
    <section aria-labelledby="danger-zone" className="card">
      <Stack gap="sm">
        <Title order={2} size="h4" id="danger-zone">
          Danger zone
        </Title>
        <Group justify="space-between">
          <Text size="sm" maw={560}>
            Delete this organization with all meetings, pages, members, webhooks and settings. Accounts of people who
            are members of no other organization are deleted too. This cannot be undone.
          </Text>
          <Button color="bad" variant="outline" onClick={() => setAsking(true)}>
            Delete organization…
          </Button>
        </Group>
      </Stack>
      <TypedConfirm
        opened={asking}
        title={`Delete ${name}?`}
        expected={name}
        action="Delete organization"
        busy={deletion.isPending}
        onConfirm={(confirm) => deletion.mutate(confirm)}
        onClose={() => setAsking(false)}
      >
        {`Everything in ${name} is deleted. API keys, booking pages and attendees’ links stop working at once, and pending webhooks and e-mails are not sent.${isOnly ? ' Your account is deleted too.' : ''}`}
      </TypedConfirm>
    </section>
  )
}
