import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useAccount } from '../client/account.ts'
import { type Settings, useDeleteOrganization } from '../client/organization.ts'
import { useText } from '../i18n/text.ts'
import { TypedConfirm } from '../parts/typed-confirm.tsx'

/** Deletes the organization after its name has been typed. */
export function DangerZone({ settings: { name } }: { settings: Settings }) {
  const { t } = useText()
  const [asking, setAsking] = useState(false)
  const deletion = useDeleteOrganization(name)
  const account = useAccount()
  const isOnly = (account.data?.organizations.length ?? 1) < 2
  return (
    <section aria-labelledby="danger-zone" className="card">
      <Stack gap="sm">
        <Title order={2} size="h4" id="danger-zone">
          {t('organization.danger_zone')}
        </Title>
        <Group justify="space-between">
          <Text size="sm" maw={560}>
            {t('organization.danger_text')}
          </Text>
          <Button color="bad" variant="outline" onClick={() => setAsking(true)}>
            {t('organization.delete_open')}
          </Button>
        </Group>
      </Stack>
      <TypedConfirm
        opened={asking}
        title={t('organization.delete_question', { name })}
        expected={name}
        action={t('organization.delete')}
        busy={deletion.isPending}
        onConfirm={(confirm) => deletion.mutate(confirm)}
        onClose={() => setAsking(false)}
      >
        {`${t('organization.delete_text', { name })}${isOnly ? ` ${t('organization.delete_account_too')}` : ''}`}
      </TypedConfirm>
    </section>
  )
}
