import { Button, Group, Modal, Stack, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { useResourceForm } from '../../parts/resource-form.ts'
import type { Account } from '../client/account.ts'
import { type Passkey, useAddPasskey, usePasskeys, useRemovePasskey, useRenamePasskey } from '../client/passkeys.ts'
import { useText } from '../i18n/text.ts'
import { Confirm } from '../parts/confirm.tsx'
import { momentText } from '../parts/dates.ts'
import { FormSubmit } from '../parts/form-actions.tsx'
import { LoadError } from '../parts/states.tsx'
import { passkeyProblemText } from './passkey-problem.ts'
import { ProofForm } from './proof-form.tsx'

/** The person's passkeys. */
export function PasskeysSection({ account }: { account: Account }) {
  const { t } = useText()
  const passkeys = usePasskeys()
  const [adding, setAdding] = useState(false)
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        {t('account.passkeys')}
      </Title>
      <Text c="dimmed" size="sm">
        {t('account.passkeys_lead')}
      </Text>
      {passkeys.error && <LoadError error={passkeys.error} retry={() => void passkeys.refetch()} />}
      {passkeys.data?.map((passkey) => (
        <PasskeyRow key={passkey.id} passkey={passkey} />
      ))}
      <Group>
        <Button variant="default" onClick={() => setAdding(true)}>
          {t('account.add_passkey')}
        </Button>
      </Group>
      <Modal
        opened={adding}
        onClose={() => setAdding(false)}
        title={t('account.add_passkey')}
        centered
        closeButtonProps={{ 'aria-label': t('parts.close') }}
      >
        <AddForm account={account} onDone={() => setAdding(false)} />
      </Modal>
    </Stack>
  )
}

function AddForm({ account, onDone }: { account: Account; onDone: () => void }) {
  const { t } = useText()
  const add = useAddPasskey()
  const [name, setName] = useState('')
  return (
    <Stack>
      <TextInput
        label={t('parts.name')}
        description={t('account.passkey_name_help')}
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <ProofForm
        account={account}
        action={t('parts.add')}
        save={(proof) => add.mutateAsync({ ...proof, name: name.trim() || t('account.passkey_default') })}
        onSaved={onDone}
        describe={(problem) => passkeyProblemText(problem, t)}
      />
    </Stack>
  )
}

function PasskeyRow({ passkey }: { passkey: Passkey }) {
  const { t } = useText()
  const [dialog, setDialog] = useState<'rename' | 'remove'>()
  const close = () => setDialog(undefined)
  const remove = useRemovePasskey()
  const { name, created_at, last_used_at } = passkey
  const used = last_used_at ? ` · ${t('account.passkey_used_on', { time: momentText(last_used_at) })}` : ''
  return (
    <div className="row">
      <div className="row-text">
        <strong dir="auto">{name}</strong>
        <div className="row-note wrapping">
          {t('account.passkey_added_on', { time: momentText(created_at) })}
          {used}
        </div>
      </div>
      <Group gap="xs">
        <Button
          variant="default"
          size="xs"
          onClick={() => setDialog('rename')}
          aria-label={t('account.rename_named', { name })}
        >
          {t('account.rename')}
        </Button>
        <Button
          variant="default"
          size="xs"
          onClick={() => setDialog('remove')}
          aria-label={t('parts.remove_named', { name })}
        >
          {t('parts.remove')}
        </Button>
      </Group>
      <Modal
        opened={dialog === 'rename'}
        onClose={close}
        title={t('account.rename_passkey')}
        centered
        closeButtonProps={{ 'aria-label': t('parts.close') }}
      >
        <RenameForm passkey={passkey} onDone={close} />
      </Modal>
      <Confirm
        opened={dialog === 'remove'}
        title={t('account.remove_question', { name })}
        action={t('account.remove_passkey')}
        busy={remove.isPending}
        onConfirm={() => remove.mutate(passkey, { onSettled: close })}
        onClose={close}
      >
        {t('account.remove_passkey_text')}
      </Confirm>
    </div>
  )
}

function RenameForm({ passkey, onDone }: { passkey: Passkey; onDone: () => void }) {
  const { t } = useText()
  const rename = useRenamePasskey()
  const form = useResourceForm({
    initial: { name: passkey.name },
    save: ({ name }) => rename.mutateAsync({ id: passkey.id, name }),
    onSaved: onDone,
  })
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack>
        <TextInput label={t('parts.name')} required withAsterisk={false} maxLength={100} {...form.text('name')} />
        <FormSubmit form={form}>{t('parts.save')}</FormSubmit>
      </Stack>
    </form>
  )
}
