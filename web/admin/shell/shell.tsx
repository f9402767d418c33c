import {
  Alert,
  AppShell,
  Avatar,
  Burger,
  Button,
  Center,
  Group,
  Menu,
  NavLink,
  ScrollArea,
  Stack,
  Text,
  UnstyledButton,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { useEffect } from 'react'
import { Bell } from '../../parts/icon.tsx'
import { followSwitches, switchOrganization, useAccount } from '../client/account.ts'
import { hasRole, roleTexts, useMe } from '../client/me.ts'
import { showProblem } from '../client/messages.ts'
import { useServerNotices } from '../client/server-notices.ts'
import { signOut, signOutEverywhere } from '../client/sign-in.ts'
import type { AdminKey } from '../i18n/catalog.ts'
import { useText } from '../i18n/text.ts'
import { Icon } from '../parts/icon.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { type Place, places } from './navigation.ts'

/** The frame around every page: side navigation (behind a button on a phone), the user's menu, and the page. */
export function Shell() {
  const { t } = useText()
  const [opened, { toggle, close }] = useDisclosure(false)
  const { pathname } = useLocation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: navigating closes the navigation on a phone
  useEffect(close, [pathname])
  return (
    <AppShell
      layout="alt"
      header={{ height: { base: 56, md: 0 } }}
      navbar={{ width: 248, breakpoint: 'md', collapsed: { mobile: !opened } }}
      padding={0}
    >
      <button type="button" className="skip-link" onClick={() => document.getElementById('content')?.focus()}>
        {t('shell.skip')}
      </button>
      <AppShell.Header hiddenFrom="md" className="top-bar">
        <Burger opened={opened} onClick={toggle} size="sm" aria-label={t('shell.navigation')} aria-expanded={opened} />
        <Brand />
      </AppShell.Header>
      <AppShell.Navbar className="side" aria-label={t('shell.main')}>
        <AppShell.Section className="side-brand">
          <Brand />
          <Burger opened onClick={close} size="sm" hiddenFrom="md" aria-label={t('shell.close_navigation')} />
        </AppShell.Section>
        <AppShell.Section grow component={ScrollArea} type="scroll" className="side-places">
          <Places />
        </AppShell.Section>
        <AppShell.Section className="side-person">
          <Person />
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main className="main" id="content" tabIndex={-1}>
        <div className="page">
          <Notices />
          <Outlet />
        </div>
      </AppShell.Main>
    </AppShell>
  )
}

const noticeTexts: Readonly<Record<string, AdminKey>> = {
  no_mail_server: 'shell.notice_no_mail_server',
  untrusted_proxy: 'shell.notice_untrusted_proxy',
  insecure_url: 'shell.notice_insecure_url',
  open_host: 'shell.notice_open_host',
}

/** The problems that the operator should fix, shown above every page to admins. */
function Notices() {
  const { t } = useText()
  return useServerNotices().map(({ code }) =>
    code === 'no_mail_server' ? (
      <Alert
        key={code}
        role="note"
        color="warn"
        mb="md"
        icon={<Icon name="mailbox" />}
        title={t('shell.no_mail_title')}
      >
        {t(noticeTexts[code] ?? 'shell.notice_other')}
      </Alert>
    ) : (
      <Alert key={code} color="bad" mb="md" icon={<Icon name="alert" />} title={t('shell.notice_title')}>
        {t(noticeTexts[code] ?? 'shell.notice_other')}
      </Alert>
    ),
  )
}

function Brand() {
  const { organization } = useMe()
  return (
    <Link to="/" className="brand">
      <span className="brand-mark">
        <Bell size={18} />
      </span>
      <span className="brand-name" dir="auto">
        {organization.name}
      </span>
    </Link>
  )
}

function Places() {
  const { t } = useText()
  const { role } = useMe()
  const allowed = (list: Place[]) => list.filter(({ needs }) => hasRole(role, needs))
  const settings = allowed(places.settings)
  return (
    <>
      <PlaceList places={allowed(places.work)} />
      {settings.length > 0 && (
        <>
          <Text size="xs" fw={600} c="dimmed" className="side-heading" id="settings-heading">
            {t('shell.settings')}
          </Text>
          <PlaceList places={settings} labelledBy="settings-heading" />
        </>
      )}
    </>
  )
}

function PlaceList({ places, labelledBy }: { places: Place[]; labelledBy?: string }) {
  const { t } = useText()
  const { pathname } = useLocation()
  return (
    <ul aria-labelledby={labelledBy}>
      {places.map(({ to, text, icon }) => {
        const active = pathname === to || pathname.startsWith(`${to}/`)
        return (
          <li key={to}>
            <NavLink
              renderRoot={(props) => <Link {...props} to={to} />}
              label={t(text)}
              leftSection={<Icon name={icon} />}
              active={active}
              aria-current={active ? 'page' : undefined}
            />
          </li>
        )
      })}
    </ul>
  )
}

const schemes = [
  { scheme: 'light', text: 'shell.light' },
  { scheme: 'dark', text: 'shell.dark' },
  { scheme: 'auto', text: 'shell.system' },
] as const

function Person() {
  const { t } = useText()
  const { member, role } = useMe()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const name = member ? `${member.first_name} ${member.last_name}`.trim() || member.email : t('shell.api_key')
  const leave = (way: () => Promise<unknown>) => () => void way().catch(showProblem)
  return (
    <Menu position="top-start" width={230} withinPortal={false}>
      <Menu.Target>
        <UnstyledButton className="person">
          <Avatar src={member?.photo_url} name={name} color="brand" size={34} radius="xl" aria-hidden="true" />
          <span className="person-text">
            <Text size="sm" fw={600} truncate component="span" display="block" dir="auto">
              {name}
            </Text>
            <Text size="xs" c="dimmed" component="span" display="block">
              {t(roleTexts[role])}
            </Text>
          </span>
          <Icon name="down" size={16} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {member && (
          <Menu.Item
            leftSection={<Icon name="people" size={18} />}
            renderRoot={(props) => <Link {...props} to="/account" />}
          >
            {t('shell.your_account')}
          </Menu.Item>
        )}
        {member && <Organizations />}
        <Menu.Label>{t('shell.appearance')}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(scheme) => setColorScheme(scheme as typeof colorScheme)}>
          {schemes.map(({ scheme, text }) => (
            <Menu.RadioItem key={scheme} value={scheme}>
              {t(text)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="exit" size={18} />} onClick={leave(signOut)}>
          {t('shell.sign_out')}
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="exit" size={18} />} onClick={leave(signOutEverywhere)}>
          {t('shell.sign_out_everywhere')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

/** Switches between the person's organizations, if there are several. */
function Organizations() {
  const { t } = useText()
  const { organization } = useMe()
  const { data } = useAccount()
  useEffect(followSwitches, [])
  if (!data || data.organizations.length < 2) return null
  return (
    <>
      <Menu.Label>{t('shell.organization')}</Menu.Label>
      <Menu.RadioGroup
        value={String(organization.id)}
        onChange={(id) => void switchOrganization(Number(id)).catch(showProblem)}
      >
        {data.organizations.map(({ id, name }) => (
          <Menu.RadioItem key={id} value={String(id)}>
            {name}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
      <Menu.Divider />
    </>
  )
}

/** Shown for an unknown URL under /admin. */
export function NotFound() {
  const { t } = useText()
  return (
    <Center className="empty">
      <Stack align="center" ta="center">
        <PageHead title={t('shell.not_found')} lead={t('shell.not_found_text')} />
        <Group>
          <Button renderRoot={(props) => <Link {...props} to="/" />}>{t('shell.go_to_meetings')}</Button>
        </Group>
      </Stack>
    </Center>
  )
}
