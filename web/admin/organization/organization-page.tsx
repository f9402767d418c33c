import { Button, ColorInput, Group, Stack, Text, TextInput } from '@mantine/core'
import { type CSSProperties, type FormEvent, useState } from 'react'
import { accentOf } from '../../parts/brand.ts'
import { errorsOf } from '../client/api.ts'
import { type Settings, useChangeSettings, useSettings } from '../client/organization.ts'
import { FormError } from '../parts/form-error.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Loaded } from '../parts/states.tsx'

/** `/admin/settings/organization`: what the organization shows of itself. */
export function OrganizationPage() {
  const settings = useSettings()
  return (
    <>
      <PageHead title="Organization" lead="What people who book see of you, on your pages and in your mails." />
      <Loaded query={settings}>{(data) => <SettingsForm settings={data} />}</Loaded>
    </>
  )
}

const colors = ['#0e6b54', '#1d4ed8', '#7c3aed', '#be185d', '#b3261e', '#c2410c', '#a16207', '#334155']

function SettingsForm({ settings }: { settings: Settings }) {
  const [name, setName] = useState(settings.name)
  const [color, setColor] = useState(settings.brand_color ?? '')
  const [logo, setLogo] = useState(settings.logo_url ?? '')
  const change = useChangeSettings()
  const errors = errorsOf(change.error, ['name', 'brand_color', 'logo_url'])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate({ name, brand_color: color.trim() || null, logo_url: logo.trim() || null })
  }
  return (
    <form onSubmit={submit} className="two-sides" noValidate>
      <Stack className="card">
        <TextInput
          label="Name"
          required
          withAsterisk={false}
          maxLength={200}
          value={name}
          error={errors.name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <ColorInput
          label="Colour"
          description="Of buttons and links. Where it could not be read, it is made darker or lighter. Empty: the usual green."
          placeholder="#0e6b54"
          format="hex"
          swatches={colors}
          value={color}
          error={errors.brand_color}
          onChange={setColor}
          eyeDropperButtonProps={{ 'aria-label': 'Pick a colour from the screen' }}
        />
        <TextInput
          label="Address of your logo"
          description="An image on the web, best as wide as high. Empty: none."
          type="url"
          placeholder="https://"
          value={logo}
          error={errors.logo_url}
          onChange={(event) => setLogo(event.currentTarget.value)}
        />
        <FormError text={errors.form} />
        <Group justify="flex-end">
          <Button type="submit" loading={change.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
      <Preview name={name} color={color} logo={logo} />
    </form>
  )
}

/** How a booking page looks with it. */
function Preview({ name, color, logo }: { name: string; color: string; logo: string }) {
  const accent = accentOf(color)
  const style = accent
    ? ({
        '--accent': `light-dark(${accent.light}, ${accent.dark})`,
        '--on-accent': `light-dark(${accent.onLight}, ${accent.onDark})`,
      } as CSSProperties)
    : {}
  return (
    <section aria-label="Preview" className="card preview" style={style}>
      <Text size="xs" c="dimmed" fw={600}>
        On your pages
      </Text>
      <div className="preview-head">
        {/^https?:\/\//.test(logo.trim()) && <img src={logo.trim()} alt="" width={40} height={40} />}
        <Text fw={650}>{name || 'Your organization'}</Text>
      </div>
      <Text fw={650} size="lg">
        Introduction
      </Text>
      <div className="preview-times" aria-hidden="true">
        <span>09:00</span>
        <span data-chosen>09:30</span>
        <span>10:00</span>
      </div>
      <span className="preview-button" aria-hidden="true">
        Book it
      </span>
    </section>
  )
}
