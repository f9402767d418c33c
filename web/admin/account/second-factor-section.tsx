import { Badge, Button, Group, Modal, Stack, Text, Title } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Account } from '../client/account.ts'
import { useRemoveSecondFactor, useRenewRecoveryCodes } from '../client/second-factor.ts'
import { ProofForm } from './proof-form.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'
import { SecondFactorSetup } from './second-factor-setup.tsx'

type Dialog = 'set up' | 'renew' | 'turn off'

const titles: Record<Dialog, string> = {
  'set up': 'Set up an authenticator app',
  renew: 'New recovery codes',
  'turn off': 'Turn off the second factor',
}

/** The second factor of the person: an authenticator app and its recovery codes. */
export function SecondFactorSection({ account }: { account: Account }) {
  const [dialog, setDialog] = useState<Dialog>()
  const close = () => setDialog(undefined)
  const { enabled, recovery_codes } = account.second_factor
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Title order={2} size="h4">
          Second factor
        </Title>
        {enabled && (
          <Badge variant="light" color="good">
            On
          </Badge>
        )}
      </Group>
      <Text c="dimmed" size="sm">
        {enabled
          ? `You sign in with a code of your authenticator app. ${codesLeft(recovery_codes ?? 0)}`
          : 'With a second factor, your password alone is not enough to sign in: a code of an app on your phone is needed too.'}
      </Text>
      <Group gap="xs">
        {enabled ? (
          <>
            <Button variant="default" onClick={() => setDialog('renew')}>
              New recovery codes
            </Button>
            <Button variant="default" onClick={() => setDialog('turn off')}>
              Turn off
            </Button>
          </>
        ) : (
          <Button variant="default" onClick={() => setDialog('set up')}>
            Set up an authenticator app
          </Button>
        )}
      </Group>
      <Modal
        opened={dialog !== undefined}
        onClose={close}
        title={dialog && titles[dialog]}
        centered
        closeOnClickOutside={false}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {dialog === 'set up' && <SetUp account={account} onDone={close} />}
        {dialog === 'renew' && <Renew account={account} onDone={close} />}
        {dialog === 'turn off' && <TurnOff account={account} onDone={close} />}
      </Modal>
    </Stack>
  )
}

const codesLeft = (count: number) => (count === 1 ? '1 recovery code is left.' : `${count} recovery codes are left.`)

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
  const renew = useRenewRecoveryCodes()
  const [codes, setCodes] = useState<string[]>()
  if (codes)
    return (
      <RecoveryCodes codes={codes}>
        <Button onClick={onDone}>I have stored them</Button>
      </RecoveryCodes>
    )
  return (
    <Stack>
      <Text>The current recovery codes become invalid.</Text>
      <ProofForm
        account={account}
        action="Create new codes"
        save={(proof) => renew.mutateAsync(proof)}
        onSaved={({ recovery_codes }) => setCodes(recovery_codes)}
      />
    </Stack>
  )
}

function TurnOff({ account, onDone }: StepProps) {
  const remove = useRemoveSecondFactor()
  return (
    <Stack>
      <Text>Your password alone will be enough to sign in.</Text>
      <ProofForm account={account} action="Turn off" save={(proof) => remove.mutateAsync(proof)} onSaved={onDone} />
    </Stack>
  )
}
