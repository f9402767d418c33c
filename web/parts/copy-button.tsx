import { useEffect, useRef, useState } from 'react'
import { usePartsText } from '../i18n/text.tsx'
import { Icon } from './icon.tsx'

type CopyButtonProps = { text: string; label: string; className?: string }

/** Copies text and confirms it for two seconds. */
export function CopyButton({ text, label, className = 'button quiet small' }: CopyButtonProps) {
  const { t } = usePartsText()
  const [copied, setCopied] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const copy = async () => {
    await copyText(text)
    setCopied(true)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setCopied(false), 2000)
  }
  return (
    <button type="button" className={className} onClick={copy}>
      <Icon name={copied ? 'check' : 'copy'} size={16} />
      <span aria-live="polite">{copied ? t('copied') : label}</span>
    </button>
  )
}

/** `navigator.clipboard` exists only on https and localhost. Elsewhere, the older `execCommand` still works. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  const area = Object.assign(document.createElement('textarea'), { value: text, readOnly: true })
  area.className = 'visually-hidden'
  document.body.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}
