import { useBlocker } from '@tanstack/react-router'
import { useText } from '../i18n/text.ts'
import { Confirm } from './confirm.tsx'

type LeaveQuestionProps = {
  /** Returns whether there are unsaved changes now. */
  asks: () => boolean
  /** Whether closing a dialog also counts as leaving. It changes the history's state and not the URL. */
  inDialog?: boolean
}

/** Asks before unsaved changes are lost by leaving the page. The browser asks before a reload. */
export function LeaveQuestion({ asks, inDialog = false }: LeaveQuestionProps) {
  const { t } = useText()
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => asks() && (inDialog || current.pathname !== next.pathname),
    enableBeforeUnload: asks,
    withResolver: true,
  })
  return (
    <Confirm
      opened={blocker.status === 'blocked'}
      title={t('parts.leave_title')}
      action={t('parts.leave')}
      onConfirm={() => blocker.proceed?.()}
      onClose={() => blocker.reset?.()}
    >
      {t('parts.leave_text')}
    </Confirm>
  )
}
