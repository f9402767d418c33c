import { ActionIcon, Menu } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type MeetingType, useDuplicateMeetingType, useSetVisibility } from '../client/meeting-types.ts'
import { Icon } from '../parts/icon.tsx'
import { copyOf } from './type-draft.ts'

const visibilities = [
  { value: 'public', title: 'Public', text: 'Listed on its pages' },
  { value: 'hidden', title: 'Hidden', text: 'Only with the link' },
  { value: 'disabled', title: 'Disabled', text: 'Cannot be booked' },
]

/** Duplicates a meeting type, changes its visibility, or deletes it. */
export function TypeMenu({ type, onDelete }: { type: MeetingType; onDelete: () => void }) {
  const navigate = useNavigate()
  const duplication = useDuplicateMeetingType(
    ({ id }) => void navigate({ to: '/meeting-types/$id', params: { id: String(id) } }),
  )
  const visibility = useSetVisibility(type.id)
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon variant="subtle" size="lg" aria-label={`More actions for ${type.name}`}>
          <Icon name="dots" size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Icon name="copy" size={18} />} onClick={() => duplication.mutate(copyOf(type))}>
          Duplicate
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Visibility</Menu.Label>
        <Menu.RadioGroup
          value={type.visibility}
          onChange={(chosen) => visibility.mutate(chosen as MeetingType['visibility'])}
        >
          {visibilities.map(({ value, title, text }) => (
            <Menu.RadioItem key={value} value={value} closeMenuOnClick>
              {title}
              <span className="menu-note">{text}</span>
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item color="bad" leftSection={<Icon name="trash" size={18} />} onClick={onDelete}>
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
