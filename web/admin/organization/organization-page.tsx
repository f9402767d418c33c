import { ColorInput, Select, Stack, Switch, Text, TextInput } from '@mantine/core'
import { type CSSProperties, useState } from 'react'
import { languageCodes, languages } from '../../../src/i18n/languages.ts'
import { accentOf } from '../../parts/brand.ts'
import { useResourceForm } from '../../parts/resource-form.ts'
import { type Settings, useChangeSettings, useRemoveLogo, useSetLogo, useSettings } from '../client/organization.ts'
import { useText } from '../i18n/text.ts'
import { FormSubmit } from '../parts/form-actions.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { PictureField } from '../parts/picture-field.tsx'
import { Loaded } from '../parts/states.tsx'
import { ZoneSelect } from '../parts/zone-select.tsx'
import { DangerZone } from './danger-zone.tsx'

/** `/admin/settings/organization`: the organization's name, colour and logo, and its deletion. */
export function OrganizationPage() {
  const { t } = useText()
  const settings = useSettings()
  return (
    <>
      <PageHead title={t('organization.title')} lead={t('organization.lead')} />
      <Loaded query={settings}>
        {(data) => (
          <Stack gap="xl">
            <SettingsForm settings={data} />
            <DangerZone settings={data} />
          </Stack>
        )}
      </Loaded>
    </>
  )
}

/** The value that selects the language of each reader's browser. */
const BROWSER = 'browser'

const ownLanguages = Object.entries(languages).map(([value, label]) => ({ value, label }))

const colors = ['#0e6b54', '#1d4ed8', '#7c3aed', '#be185d', '#b3261e', '#c2410c', '#a16207', '#334155']

function SettingsForm({ settings }: { settings: Settings }) {
  const { t } = useText()
  const change = useChangeSettings()
  const form = useResourceForm({
    initial: {
      name: settings.name,
      brand_color: settings.brand_color ?? '',
      logo_url: addressOf(settings),
      default_language: settings.default_language,
      default_timezone: settings.default_timezone,
      require_second_factor: settings.require_second_factor,
      confirm_email_default: settings.confirm_email_default,
    },
    save: ({ brand_color, logo_url, ...plain }) =>
      change.mutateAsync({
        ...plain,
        brand_color: brand_color.trim() || null,
        logo_url: logo_url.trim() || uploadedLogoOf(settings),
      }),
  })
  return (
    <form onSubmit={form.submit} className="two-sides" noValidate>
      <Stack className="card">
        <TextInput label={t('parts.name')} required withAsterisk={false} maxLength={200} {...form.text('name')} />
        <ColorInput
          label={t('organization.color')}
          description={t('organization.color_help')}
          placeholder="#0e6b54"
          format="hex"
          swatches={colors}
          {...form.field('brand_color')}
          eyeDropperButtonProps={{ 'aria-label': t('organization.pick_color') }}
        />
        <LogoField settings={settings} onChanged={() => form.set({ logo_url: '' })} />
        <TextInput
          label={t('organization.logo_url')}
          description={t('organization.logo_url_help')}
          type="url"
          placeholder="https://"
          {...form.text('logo_url')}
        />
        <Select
          label={t('organization.language')}
          description={t('organization.language_help')}
          data={[{ value: BROWSER, label: t('organization.language_browser') }, ...ownLanguages]}
          allowDeselect={false}
          value={form.values.default_language ?? BROWSER}
          onChange={(chosen) => form.set({ default_language: languageCodes.find((code) => code === chosen) ?? null })}
          error={form.errorAt('default_language')}
        />
        <ZoneSelect
          label={t('organization.zone')}
          description={t('organization.zone_help')}
          {...form.field('default_timezone')}
        />
        <Switch
          label={t('organization.second_factor')}
          description={t('organization.second_factor_help')}
          checked={form.values.require_second_factor}
          onChange={(event) => form.set({ require_second_factor: event.currentTarget.checked })}
        />
        <Switch
          label={t('organization.confirm_email')}
          description={t('organization.confirm_email_help')}
          checked={form.values.confirm_email_default}
          error={form.errorAt('confirm_email_default')}
          onChange={(event) => form.set({ confirm_email_default: event.target.checked })}
        />
        <FormSubmit form={form}>{t('parts.save')}</FormSubmit>
      </Stack>
      <Preview
        name={form.values.name}
        color={form.values.brand_color}
        logo={form.values.logo_url.trim() || (uploadedLogoOf(settings) ?? '')}
      />
    </form>
  )
}

const isAddress = (text: string) => /^(https?:\/\/|\/images\/)/.test(text.trim())

/** The path of an uploaded logo. Null if there is no logo, or if it is a URL. */
const uploadedLogoOf = ({ logo_url }: Settings) => (logo_url?.startsWith('/') ? logo_url : null)

/** The URL of a logo on another server. Empty for an uploaded logo. */
const addressOf = (settings: Settings) => (uploadedLogoOf(settings) ? '' : (settings.logo_url ?? ''))

/** The organization's logo. An uploaded logo replaces the URL. */
function LogoField({ settings, onChanged }: { settings: Settings; onChanged: () => void }) {
  const { t } = useText()
  const change = useSetLogo()
  const removal = useRemoveLogo()
  const logo = uploadedLogoOf(settings)
  return (
    <PictureField
      label={t('organization.logo')}
      description={t('organization.logo_help')}
      preview={logo && <img src={logo} alt="" className="logo-preview" />}
      hasPicture={logo !== null}
      upload={(file) => change.mutateAsync(file).then(onChanged)}
      remove={() => removal.mutateAsync().then(onChanged)}
    />
  )
}

/** A preview of a booking page with these settings. */
function Preview({ name, color, logo }: { name: string; color: string; logo: string }) {
  const { t } = useText()
  const accent = accentOf(color)
  const [broken, setBroken] = useState<string>()
  const isBroken = broken === logo && isAddress(logo)
  const style = accent
    ? ({
        '--accent': `light-dark(${accent.light}, ${accent.dark})`,
        '--fill': `light-dark(${accent.fillLight}, ${accent.fillDark})`,
        '--on-accent': `light-dark(${accent.onLight}, ${accent.onDark})`,
      } as CSSProperties)
    : {}
  return (
    <section aria-label={t('organization.preview')} className="card preview" style={style}>
      <Text size="xs" c="dimmed" fw={600}>
        {t('organization.on_pages')}
      </Text>
      <div className="preview-head">
        {isAddress(logo) && !isBroken && (
          <img src={logo.trim()} alt="" width={40} height={40} onError={() => setBroken(logo)} />
        )}
        <Text fw={650} dir="auto">
          {name || t('organization.your_organization')}
        </Text>
      </div>
      <Text fw={650} size="lg">
        {t('organization.sample_type')}
      </Text>
      {isBroken && (
        <Text size="sm" c="bad" role="status">
          {t('organization.logo_broken')}
        </Text>
      )}
      <div className="preview-times" aria-hidden="true">
        <span>09:00</span>
        <span data-chosen>09:30</span>
        <span>10:00</span>
      </div>
      <span className="preview-button" aria-hidden="true">
        {t('organization.book')}
      </span>
    </section>
  )
}
