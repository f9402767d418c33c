import { Alert } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { Icon } from './icon.tsx'

/** A form's general error. When it appears, it gets the focus and comes into view, and screen readers announce it. */
export function FormError({ text }: { text: string | undefined }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!text) return
    place.current?.scrollIntoView({ block: 'center' })
    place.current?.focus({ preventScroll: true })
  }, [text])
  return (
    <div role="alert" ref={place} tabIndex={-1} className="form-error">
      {text && (
        <Alert color="bad" icon={<Icon name="alert" size={18} />} p="sm">
          {text}
        </Alert>
      )}
    </div>
  )
}
