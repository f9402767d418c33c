import { Alert } from '@mantine/core'
import { Icon } from './icon.tsx'

/** What is wrong with a form as a whole; read out when it appears. */
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
