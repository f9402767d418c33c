import { ActionIcon, Menu } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type MeetingType, useDuplicateMeetingType, useSetVisibility } from '../client/meeting-types.ts'
import { useText } from '../i18n/text.ts'
import { Icon } from '../parts/icon.tsx'
import { copyOf } from './type-draft.ts'

const visibilities = ['public', 'hidden', 'disabled'] as const

/** Duplicates a meeting type, changes its visibility, or deletes it. */
export function TypeMenu({ type, onDelete }: { type: MeetingType; onDelete: () => void }) {
  const { t } = useText()
  const navigate = useNavigate()
  const duplication = useDuplicateMeetingType(
    ({ id }) => void navigate({ to: '/meeting-types/$id', params: { id: String(id) } }),
  )
  const visibility = useSetVisibility(type.id)
  const duplicate = () => duplication.mutate({ ...copyOf(type), name: t('meetingTypes.copy_of', { name: type.name }) })
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={t('parts.more_actions_for', { name: type.name })}
        >
          <Icon name="dots" size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Icon name="copy" size={18} />} onClick={duplicate}>
          {t('meetingTypes.duplicate')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t('meetingTypes.visibility')}</Menu.Label>
        <Menu.RadioGroup
          value={type.visibility}
          onChange={(chosen) => visibility.mutate(chosen as MeetingType['visibility'])}
        >
          {visibilities.map((value) => (
            <Menu.RadioItem key={value} value={value} closeMenuOnClick>
              {t(`meetingTypes.${value}`)}
              <span className="menu-note">{t(`meetingTypes.${value}_note`)}</span>
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item color="bad" leftSection={<Icon name="trash" size={18} />} onClick={onDelete}>
          {t('parts.delete')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
