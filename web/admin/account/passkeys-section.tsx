import { Button, Group, Modal, Stack, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { useResourceForm } from '../../parts/resource-form.ts'
import type { Account } from '../client/account.ts'
import { type Passkey, useAddPasskey, usePasskeys, useRemovePasskey, useRenamePasskey } from '../client/passkeys.ts'
import { Confirm } from '../parts/confirm.tsx'
import { FormSubmit } from '../parts/form-actions.tsx'
import { LoadError } from '../parts/states.tsx'
import { ProofForm } from './proof-form.tsx'

/** The passkeys of the person. */
export function PasskeysSection({ account }: { account: Account }) {
  const passkeys = usePasskeys()
  const [adding, setAdding] = useState(false)
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        Passkeys
      </Title>
      <Text c="dimmed" size="sm">
        With a passkey you sign in with your fingerprint, your face or the PIN of your device. No password and no code
        is needed.
      </Text>
      {passkeys.error && <LoadError error={passkeys.error} retry={() => void passkeys.refetch()} />}
      {passkeys.data?.map((passkey) => (
        <PasskeyRow key={passkey.id} passkey={passkey} />
      ))}
      <Group>
        <Button variant="default" onClick={() => setAdding(true)}>
          Add a passkey
        </Button>
      </Group>
      <Modal
        opened={adding}
        onClose={() => setAdding(false)}
        title="Add a passkey"
        centered
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <AddForm account={account} onDone={() => setAdding(false)} />
      </Modal>
    </Stack>
  )
}

function AddForm({ account, onDone }: { account: Account; onDone: () => void }) {
  const add = useAddPasskey()
  const [name, setName] = useState('')
  return (
    <Stack>
      <TextInput
        label="Name"
        description="To recognize it later, such as “Phone”."
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <ProofForm
        account={account}
        action="Add"
        save={(proof) => add.mutateAsync({ ...proof, name: name.trim() || 'Passkey' })}
        onSaved={onDone}
      />
    </Stack>
  )
}

function PasskeyRow({ passkey }: { passkey: Passkey }) {
  const [dialog, setDialog] = useState<'rename' | 'remove'>()
  const close = () => setDialog(undefined)
  const remove = useRemovePasskey()
  const { name, created_at, last_used_at } = passkey
  const used = last_used_at ? ` · last used ${new Date(last_used_at).toLocaleString()}` : ''
  return (
    <div className="row">
      <div className="row-text">
        <strong>{name}</strong>
        <div className="row-note wrapping">
          added {new Date(created_at).toLocaleString()}
          {used}
        </div>
      </div>
      <Group gap="xs">
        <Button variant="default" size="xs" onClick={() => setDialog('rename')} aria-label={`Rename ${name}`}>
          Rename
        </Button>
        <Button variant="default" size="xs" onClick={() => setDialog('remove')} aria-label={`Remove ${name}`}>
          Remove
        </Button>
      </Group>
      <Modal
        opened={dialog === 'rename'}
        onClose={close}
        title="Rename passkey"
        centered
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <RenameForm passkey={passkey} onDone={close} />
      </Modal>
      <Confirm
        opened={dialog === 'remove'}
        title={`Remove ${name}?`}
        action="Remove passkey"
        busy={remove.isPending}
        onConfirm={() => remove.mutate(passkey, { onSettled: close })}
        onClose={close}
      >
        You can no longer sign in with it. Delete it on your device too.
      </Confirm>
    </div>
  )
}

function RenameForm({ passkey, onDone }: { passkey: Passkey; onDone: () => void }) {
  const rename = useRenamePasskey()
  const form = useResourceForm({
    initial: { name: passkey.name },
    save: ({ name }) => rename.mutateAsync({ id: passkey.id, name }),
    onSaved: onDone,
  })
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack>
        <TextInput label="Name" required withAsterisk={false} maxLength={100} {...form.text('name')} />
        <FormSubmit form={form}>Save</FormSubmit>
      </Stack>
    </form>
  )
}
