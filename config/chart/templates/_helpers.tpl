{{/* The name of an image: of a list of its values and the chart. */}}
{{- define "peili.image" -}}
{{- $image := index . 0 -}}
{{- $image.repository }}:{{ $image.tag | default (index . 1).AppVersion }}{{ with $image.digest }}@{{ . }}{{ end }}
{{- end }}

{{/*
Whether RegistryMirrors have to wait for their definition, which comes with this very release: Helm maps every object to an API before it creates the first. They are created by a hook then,
marked as Helm's own, and are ordinary objects of the release from the next upgrade on.
*/}}
{{- define "peili.mirrorsAreHooks" -}}
{{- if and .Values.registryMirrors (not (.Capabilities.APIVersions.Has "peili.dev/v1alpha1/RegistryMirror")) -}}
{{- if not .Values.crds.install -}}
{{- fail "registryMirrors need the definition of RegistryMirror, which this cluster does not have: set crds.install=true, or apply crds/manifests first" -}}
{{- end -}}
true
{{- end -}}
{{- end }}
