import { ActionIcon, type ActionIconProps } from '@mantine/core'
import type { KeyboardEvent, PointerEvent } from 'react'
import { useText } from '../i18n/text.ts'
import { Icon } from './icon.tsx'

type HandleProps = ActionIconProps & {
  /** The item that the handle moves. */
  name: string
  onPointerDown: (event: PointerEvent) => void
  onKeyDown: (event: KeyboardEvent) => void
}

/** The handle for dragging a list item. While it has the focus, the arrow keys move the item. */
export function ReorderHandle({ name, ...rest }: HandleProps) {
  const { t } = useText()
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      className="reorder-handle"
      aria-label={t('parts.reorder', { name })}
      {...rest}
    >
      <Icon name="grip" size={18} />
    </ActionIcon>
  )
}

type MoveButtonProps = { direction: 'up' | 'down'; name: string; disabled: boolean; onClick: () => void }

/** Moves an item by one place. */
export function MoveButton({ direction, name, disabled, onClick }: MoveButtonProps) {
  const { t } = useText()
  return (
    <ActionIcon
      variant="subtle"
      size="lg"
      aria-label={t(direction === 'up' ? 'parts.move_up' : 'parts.move_down', { name })}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={direction} size={18} />
    </ActionIcon>
  )
}
