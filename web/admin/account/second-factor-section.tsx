import { Badge, Button, Group, Modal, Stack, Text, Title } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Account } from '../client/account.ts'
import { useRemoveSecondFactor, useRenewRecoveryCodes } from '../client/second-factor.ts'
import { useText } from '../i18n/text.ts'
import { ProofForm } from './proof-form.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'
import { SecondFactorSetup } from './second-factor-setup.tsx'

type Dialog = 'set up' | 'renew' | 'turn off'

const titles = {
  'set up': 'account.set_up',
  renew: 'account.new_codes',
  'turn off': 'account.turn_off_title',
} as const satisfies Record<Dialog, string>

/** The person's second factor: an authenticator app and its recovery codes. */
export function SecondFactorSection({ account }: { account: Account }) {
  const { t } = useText()
  const [dialog, setDialog] = useState<Dialog>()
  const close = () => setDialog(undefined)
  const { enabled, recovery_codes } = account.second_factor
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Title order={2} size="h4">
          {t('account.second_factor')}
        </Title>
        {enabled && (
          <Badge variant="light" color="good">
            {t('account.on')}
          </Badge>
        )}
      </Group>
      <Text c="dimmed" size="sm">
        {enabled
          ? `${t('account.second_factor_on')} ${t('account.codes_left', { count: recovery_codes ?? 0 })}`
          : t('account.second_factor_off')}
      </Text>
      <Group gap="xs">
        {enabled ? (
          <>
            <Button variant="default" onClick={() => setDialog('renew')}>
              {t('account.new_codes')}
            </Button>
            <Button variant="default" onClick={() => setDialog('turn off')}>
              {t('account.turn_off')}
            </Button>
          </>
        ) : (
          <Button variant="default" onClick={() => setDialog('set up')}>
            {t('account.set_up')}
          </Button>
        )}
      </Group>
      <Modal
        opened={dialog !== undefined}
        onClose={close}
        title={dialog && t(titles[dialog])}
        centered
        closeOnClickOutside={false}
        closeButtonProps={{ 'aria-label': t('parts.close') }}
      >
        {dialog === 'set up' && <SetUp account={account} onDone={close} />}
        {dialog === 'renew' && <Renew account={account} onDone={close} />}
        {dialog === 'turn off' && <TurnOff account={account} onDone={close} />}
      </Modal>
    </Stack>
  )
}

type StepProps = { account: Account; onDone: () => void }

function SetUp({ account, onDone }: StepProps) {
  const client = useQueryClient()
  const finish = () => {
    onDone()
    void client.invalidateQueries({ queryKey: ['account'] })
    void client.invalidateQueries({ queryKey: ['account-sessions'] })
  }
  return <SecondFactorSetup account={account} onDone={finish} />
}

function Renew({ account, onDone }: StepProps) {
  const { t } = useText()
  const renew = useRenewRecoveryCodes()
  const [codes, setCodes] = useState<string[]>()
  if (codes)
    return (
      <RecoveryCodes codes={codes}>
        <Button onClick={onDone}>{t('account.codes_stored')}</Button>
      </RecoveryCodes>
    )
  return (
    <Stack>
      <Text>{t('account.new_codes_text')}</Text>
      <ProofForm
        account={account}
        action={t('account.create_codes')}
        save={(proof) => renew.mutateAsync(proof)}
        onSaved={({ recovery_codes }) => setCodes(recovery_codes)}
      />
    </Stack>
  )
}

function TurnOff({ account, onDone }: StepProps) {
  const { t } = useText()
  const remove = useRemoveSecondFactor()
  return (
    <Stack>
      <Text>{t('account.turn_off_text')}</Text>
      <ProofForm
        account={account}
        action={t('account.turn_off')}
        save={(proof) => remove.mutateAsync(proof)}
        onSaved={onDone}
      />
    </Stack>
  )
}
