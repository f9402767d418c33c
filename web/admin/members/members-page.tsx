import { ActionIcon, Avatar, Badge, Group, Menu, Modal, Stack, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { sendsMail } from '../../api/mail.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { cityOf } from '../../time/zones.ts'
import { roleTexts, useMe } from '../client/me.ts'
import {
  type Member,
  nameOf,
  type SentInvitation,
  useDeleteMember,
  useInviteMember,
  useMemberList,
} from '../client/members.ts'
import { useText } from '../i18n/text.ts'
import { Icon } from '../parts/icon.tsx'
import { ResourcePage } from '../parts/resource-page.tsx'
import { SearchBox } from '../parts/search-box.tsx'
import { MemberForm } from './member-form.tsx'

/** `/admin/members`: the people who have an account, and their roles. */
export function MembersPage() {
  const { t } = useText()
  const [invitation, setInvitation] = useState<SentInvitation | null>(null)
  const [search, setSearch] = useState('')
  return (
    <>
      <ResourcePage
        title={t('members.title')}
        lead={t('members.lead')}
        icon="people"
        addLabel={t('members.invite')}
        list={useMemberList(search)}
        search={{
          isUsed: search !== '',
          box: (
            <SearchBox
              label={t('meetings.search')}
              placeholder={t('meetings.search_hint')}
              value={search}
              onSearch={setSearch}
            />
          ),
        }}
        emptyTitle={t('members.empty_title')}
        emptyText={t('members.empty_text')}
        rowClass="row"
        row={(member, { edit, remove }) => (
          <MemberRow member={member} onEdit={edit} onRemove={remove} onInvited={setInvitation} />
        )}
        dialog={{
          title: (member) => (member ? nameOf(member) : t('members.invite')),
          form: (member, close) => <MemberForm member={member} onDone={close} onInvited={setInvitation} />,
          size: 560,
        }}
        deletion={{
          change: useDeleteMember(),
          title: (member) => t('members.remove_question', { name: nameOf(member) }),
          text: t('members.remove_text'),
          action: t('members.remove_member'),
        }}
      />
      <InvitationLink invitation={invitation} onClose={() => setInvitation(null)} />
    </>
  )
}

/** Shows a new invitation's link if there is no mail server to send it. */
function InvitationLink({ invitation, onClose }: { invitation: SentInvitation | null; onClose: () => void }) {
  const { t } = useText()
  const link = invitation?.link
  return (
    <Modal
      opened={!!link}
      onClose={onClose}
      title={t('members.send_link')}
      size={560}
      closeButtonProps={{ 'aria-label': t('parts.close') }}
    >
      <Stack>
        <p>{t('members.send_link_text', { email: invitation?.email ?? '' })}</p>
        {link && (
          <Group wrap="nowrap">
            <TextInput readOnly value={link} aria-label={t('members.invitation_link')} flex={1} data-autofocus />
            <CopyButton text={link} label={t('parts.copy')} />
          </Group>
        )}
      </Stack>
    </Modal>
  )
}

type MemberRowProps = {
  member: Member
  onEdit: () => void
  onRemove: () => void
  onInvited: (invitation: SentInvitation) => void
}

function MemberRow({ member, onEdit, onRemove, onInvited }: MemberRowProps) {
  const { t } = useText()
  const { member: me } = useMe()
  return (
    <>
      <Avatar src={member.photo_url} name={nameOf(member)} color="brand" size={38} radius="xl" aria-hidden="true" />
      <div className="row-text">
        <Group gap="xs">
          <strong dir="auto">{nameOf(member)}</strong>
          {member.id === me?.id && (
            <Badge variant="default" size="sm">
              {t('members.you')}
            </Badge>
          )}
          {member.role !== 'member' && (
            <Badge variant="light" size="sm">
              {t(roleTexts[member.role])}
            </Badge>
          )}
          {!member.joined && (
            <Badge variant="light" color="warn" size="sm">
              {t('members.not_joined')}
            </Badge>
          )}
        </Group>
        <div className="row-note wrapping">
          {member.email} · {cityOf(member.timezone)}
        </div>
      </div>
      <MemberMenu member={member} onEdit={onEdit} onRemove={onRemove} onInvited={onInvited} />
    </>
  )
}

function MemberMenu({ member, onEdit, onRemove, onInvited }: MemberRowProps) {
  const { t } = useText()
  const invitation = useInviteMember()
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="subtle" size="lg" aria-label={t('parts.more_actions_for', { name: nameOf(member) })}>
          <Icon name="dots" size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Icon name="edit" size={18} />} onClick={onEdit}>
          {t('parts.edit')}
        </Menu.Item>
        <Menu.Item
          leftSection={<Icon name="clock" size={18} />}
          renderRoot={(props) => <Link {...props} to="/availability" search={{ member: member.id }} />}
        >
          {t('members.availability')}
        </Menu.Item>
        {!member.joined && (
          <Menu.Item
            leftSection={<Icon name="mailbox" size={18} />}
            onClick={() => invitation.mutate(member, { onSuccess: onInvited })}
          >
            {t(sendsMail ? 'members.resend' : 'members.new_link')}
          </Menu.Item>
        )}
        <Menu.Item color="bad" leftSection={<Icon name="trash" size={18} />} onClick={onRemove}>
          {t('parts.remove')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
