import { Alert } from '@mantine/core'
import { Icon } from './icon.tsx'

/** A form's general error. Screen readers announce it. */
export function FormError({ text }: { text: string | undefined }) {
  return (
    <div role="alert">
      {text && (
        <Alert color="bad" icon={<Icon name="alert" size={18} />} p="sm">
          {text}
        </Alert>
      )}
    </div>
  )
}
