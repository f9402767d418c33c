import { Button, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { ResourceForm } from '../../parts/resource-form.ts'
import { useText } from '../i18n/text.ts'
import { FormError } from './form-error.tsx'

type SubmitProps = { form: Pick<ResourceForm<object>, 'error' | 'saving'>; children: ReactNode; disabled?: boolean }

/** The end of a dialog's form: the form's general error and the submit button. */
export function FormSubmit({ form, children, disabled = false }: SubmitProps) {
  return (
    <>
      <FormError text={form.error} />
      <Group justify="flex-end">
        <Button type="submit" loading={form.saving} disabled={disabled}>
          {children}
        </Button>
      </Group>
    </>
  )
}

type UnsavedProps = { onUndo: () => void }

/** Says that there are unsaved changes, and discards them on request. */
export function UnsavedChanges({ onUndo }: UnsavedProps) {
  const { t } = useText()
  return (
    <Group gap="xs">
      <Button variant="subtle" onClick={onUndo}>
        {t('parts.discard_changes')}
      </Button>
      <Text size="sm" c="dimmed">
        {t('parts.unsaved_changes')}
      </Text>
    </Group>
  )
}
