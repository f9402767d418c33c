import { Button, Center, Stack, Text, TextInput } from '@mantine/core'
import { QRCodeSVG } from 'qrcode.react'
import { useState } from 'react'
import { useResourceForm } from '../../parts/resource-form.ts'
import type { Account } from '../client/account.ts'
import { type NewSecondFactor, useConfirmSecondFactor, useCreateSecondFactor } from '../client/second-factor.ts'
import { useText } from '../i18n/text.ts'
import { CopyText } from '../parts/copy-text.tsx'
import { FormSubmit } from '../parts/form-actions.tsx'
import { ProofForm } from './proof-form.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'

type SetupProps = { account: Account; onDone: () => void }

/** Turns on an authenticator app: asks for the password, shows the QR code, asks for a first code, then shows the recovery codes. */
export function SecondFactorSetup({ account, onDone }: SetupProps) {
  const { t } = useText()
  const create = useCreateSecondFactor()
  const [created, setCreated] = useState<NewSecondFactor>()
  const [confirmed, setConfirmed] = useState(false)
  if (!created)
    return (
      <ProofForm
        account={account}
        action={t('account.continue')}
        save={(proof) => create.mutateAsync(proof)}
        onSaved={(answer) => setCreated(answer)}
      />
    )
  if (!confirmed) return <Confirmation created={created} onDone={() => setConfirmed(true)} />
  return (
    <RecoveryCodes codes={created.recovery_codes}>
      <Button onClick={onDone}>{t('account.codes_stored')}</Button>
    </RecoveryCodes>
  )
}

function Confirmation({ created, onDone }: { created: NewSecondFactor; onDone: () => void }) {
  const { t } = useText()
  const confirm = useConfirmSecondFactor()
  const form = useResourceForm({
    initial: { code: '' },
    save: (values) => confirm.mutateAsync(values),
    onSaved: onDone,
  })
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack>
        <Text>{t('account.scan')}</Text>
        <Center className="qr-code">
          <QRCodeSVG value={created.uri} size={192} marginSize={4} title={t('account.qr_code')} />
        </Center>
        <Text size="sm" c="dimmed">
          {t('account.without_camera')}
        </Text>
        <CopyText text={created.secret.replace(/.{4}(?=.)/g, '$& ')} />
        <TextInput
          label={t('account.code')}
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          withAsterisk={false}
          data-autofocus
          {...form.text('code')}
        />
        <FormSubmit form={form}>{t('account.turn_on')}</FormSubmit>
      </Stack>
    </form>
  )
}
