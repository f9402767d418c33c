import { Button, Group, Modal, Select, Stack, Tabs, Text } from '@mantine/core'
import { QRCodeSVG } from 'qrcode.react'
import { useRef, useState } from 'react'
import { CopyButton } from '../../parts/copy-button.tsx'
import type { MeetingType } from '../client/meeting-types.ts'
import { addressOf, type Page } from '../client/pages.ts'
import { useText } from '../i18n/text.ts'
import { CopyText } from '../parts/copy-text.tsx'
import { Icon } from '../parts/icon.tsx'
import { embeds } from './embed-code.ts'

type ShareProps = { type: MeetingType; pages: Page[]; opened: boolean; onClose: () => void }

/** A meeting type's link on one of its pages, its QR code, and the code that embeds it. */
export function ShareDialog({ type, pages, opened, onClose }: ShareProps) {
  const { t } = useText()
  const [chosen, setChosen] = useState<number | null>(null)
  const page = pages.find(({ id }) => id === chosen) ?? pages[0]
  return (
    <Modal
      opened={opened && page !== undefined}
      onClose={onClose}
      title={t('meetingTypes.share_title', { name: type.name })}
      size={640}
      closeButtonProps={{ 'aria-label': t('parts.close') }}
    >
      {page && (
        <Stack gap="lg">
          {pages.length > 1 && (
            <Select
              label={t('meetingTypes.on_page')}
              allowDeselect={false}
              data={pages.map(({ id, name }) => ({ value: String(id), label: name }))}
              value={String(page.id)}
              onChange={(id) => setChosen(Number(id))}
            />
          )}
          <CopyText text={addressOf(page, type)} label={t('meetingTypes.copy_link')} />
          <QrCode address={addressOf(page, type)} name={`${page.slug}-${type.slug}`} />
          <Embed path={`${page.slug}/${type.slug}`} />
        </Stack>
      )}
    </Modal>
  )
}

function QrCode({ address, name }: { address: string; name: string }) {
  const { t } = useText()
  const drawing = useRef<SVGSVGElement>(null)
  const download = () => {
    const text = new XMLSerializer().serializeToString(drawing.current ?? new DocumentFragment())
    const url = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }))
    Object.assign(document.createElement('a'), { href: url, download: `${name}.svg` }).click()
    URL.revokeObjectURL(url)
  }
  return (
    <Group align="flex-end" gap="md">
      <div className="qr-code">
        <QRCodeSVG
          ref={drawing}
          value={address}
          size={148}
          marginSize={2}
          title={t('meetingTypes.qr_code', { address })}
        />
      </div>
      <Button variant="default" size="sm" leftSection={<Icon name="download" size={16} />} onClick={download}>
        {t('meetingTypes.download_qr')}
      </Button>
    </Group>
  )
}

function Embed({ path }: { path: string }) {
  const { t } = useText()
  const code = embeds({ origin: location.origin, path, label: t('meetingTypes.embed_button') })
  return (
    <section aria-label={t('meetingTypes.embed')}>
      <Text fw={600} mb="xs">
        {t('meetingTypes.embed')}
      </Text>
      <Tabs defaultValue="inline">
        <Tabs.List>
          <Tabs.Tab value="inline">{t('meetingTypes.embed_inline')}</Tabs.Tab>
          <Tabs.Tab value="popup">{t('meetingTypes.embed_popup')}</Tabs.Tab>
          <Tabs.Tab value="floating">{t('meetingTypes.embed_floating')}</Tabs.Tab>
        </Tabs.List>
        {(['inline', 'popup', 'floating'] as const).map((kind) => (
          <Tabs.Panel key={kind} value={kind} pt="sm">
            <Text size="sm" c="dimmed" mb="xs">
              {t(`meetingTypes.embed_${kind}_note`)}
            </Text>
            <pre className="embed-code">{code[kind]}</pre>
            <CopyButton text={code[kind]} label={t('meetingTypes.copy_code')} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </section>
  )
}
