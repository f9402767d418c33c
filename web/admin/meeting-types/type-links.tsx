import { Button, Group } from '@mantine/core'
import { CopyButton } from '../../parts/copy-button.tsx'
import type { MeetingType } from '../client/meeting-types.ts'
import { addressOf, pagesOf, usePages } from '../client/pages.ts'
import { useText } from '../i18n/text.ts'
import { useHistoryDialog } from '../parts/history-dialog.ts'
import { Icon } from '../parts/icon.tsx'
import { ShareDialog } from './share-dialog.tsx'

type TypeLinksProps = {
  type: MeetingType
  /** The link's page. If absent, the first page that has the meeting type. */
  page?: { slug: string } | undefined
}

/** Copies and opens the booking URL. Hidden while the meeting type is not on a page. */
export function TypeLinks({ type, page }: TypeLinksProps) {
  const { t } = useText()
  const { data: pages = [] } = usePages()
  const shown = page ?? pagesOf(pages, type.id)[0]
  if (!shown || type.visibility === 'disabled') return null
  const address = addressOf(shown, type)
  return (
    <Group gap="xs">
      <CopyButton text={address} label={t('meetingTypes.copy_link')} />
      <Button
        variant="default"
        size="sm"
        component="a"
        href={address}
        target="_blank"
        leftSection={<Icon name="open" size={16} />}
      >
        {t('meetingTypes.open')}
      </Button>
    </Group>
  )
}

/** The links, and a dialog with the QR code and the embed code. */
export function ShareLinks({ type }: { type: MeetingType }) {
  const { t } = useText()
  const { data: pages = [] } = usePages()
  const dialog = useHistoryDialog()
  const own = pagesOf(pages, type.id)
  if (own.length === 0 || type.visibility === 'disabled') return null
  return (
    <Group gap="xs">
      <TypeLinks type={type} />
      <Button
        variant="default"
        size="sm"
        leftSection={<Icon name="qr" size={16} />}
        onClick={() => dialog.open('share')}
      >
        {t('meetingTypes.share')}
      </Button>
      <ShareDialog type={type} pages={own} opened={dialog.opened === 'share'} onClose={dialog.close} />
    </Group>
  )
}
