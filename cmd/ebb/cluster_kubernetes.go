package main

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"text/template"
	"time"

	"github.com/urfave/cli/v2"
)

const defaultWait = 24 * time.Hour

// kubernetesText is the Indexed Job and the Job that merges. Kubernetes has no Job that
// depends on another; the merge waits for the shards in the shared volume, which needs
// no rights in the cluster and no second image.
const kubernetesText = `# {{.Title}}: {{.Pieces}} in {{.Shards}} shards, merged when all of them are there.
#
#   kubectl apply -f THIS_FILE
#
# The claim {{.Claim}} must be ReadWriteMany and hold the scenario and its data; paths are
# those in the volume. Kubernetes has no Job that waits for another: the pod of the
# merge looks for the shards in the volume, for {{.Wait}} at most, and holds its core
# meanwhile. A pod that is killed {{.Killed}}. When a shard has
# failed for good, delete both Jobs and apply this file again: only what is missing is
# run. Needs Kubernetes 1.29 (backoffLimitPerIndex).
apiVersion: batch/v1
kind: Job
metadata:
  name: {{.Name}}
  labels: {app.kubernetes.io/name: ebb}
spec:
  completionMode: Indexed
  completions: {{.Shards}}
  parallelism: {{.Shards}}
  backoffLimitPerIndex: 5
  podFailurePolicy:
    rules:
      - action: FailJob # asked wrongly: another try would end the same
        onExitCodes: {containerName: ebb, operator: In, values: [2]}
      - action: Ignore # the node was taken away: not the shard's failure
        onPodConditions: [{type: DisruptionTarget, status: "True"}]
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: ebb
          command: {{words .Work}}
          env: [{name: EBB_SHARDS, value: "{{.Shards}}"}] # JOB_COMPLETION_INDEX says which
{{template "pod" .}}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: {{.Name}}-merge
  labels: {app.kubernetes.io/name: ebb}
spec:
  backoffLimit: 5
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: ebb
          command: {{words .Merge}}
{{template "pod" .}}
{{define "pod"}}          image: {{word .Image}}
          workingDir: /work
          resources: {requests: {cpu: "{{.CPUs}}", memory: {{word .Memory}}}}
          volumeMounts: [{name: work, mountPath: /work}]
      volumes:
        - {name: work, persistentVolumeClaim: {claimName: {{word .Claim}}}}{{end}}`

// pods are jobs with what only Kubernetes asks for.
type pods struct {
	jobs
	Image, Claim, Memory string
	Wait                 time.Duration
}

func kubernetesManifest(c *cli.Context, j jobs) (string, error) {
	var faults []error
	for _, name := range []string{"image", "claim", "memory"} {
		if value := c.String(name); value == "" || strings.ContainsAny(value, " \t\r\n") {
			faults = append(faults, usagef("cluster kubernetes: --%s %q, expected one word", name, value))
		}
	}
	p := pods{j, c.String("image"), c.String("claim"), c.String("memory"), c.Duration("wait")}
	if p.Wait <= 0 {
		faults = append(faults, usagef("cluster kubernetes: --wait %v, expected more than 0", p.Wait))
	}
	if err := errors.Join(faults...); err != nil {
		return "", err
	}
	p.Name += "-" + j.hash[:8] // a Job cannot be changed: other work has another name
	p.Work = append(p.Work, "--workers", strconv.Itoa(j.CPUs))
	p.Merge = append(p.Merge, "--wait", p.Wait.String())
	return filled(kubernetesText, template.FuncMap{"word": yamlWord, "words": yamlWords}, p)
}

// yamlWord is a text in double quotes, as JSON and YAML both read it.
func yamlWord(text string) (string, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(text)
	return strings.TrimSpace(b.String()), err
}

// yamlWords is a command. Kubernetes would put variables where it says $(NAME).
func yamlWords(words []string) (string, error) {
	list := make([]string, len(words))
	for i, w := range words {
		var err error
		if list[i], err = yamlWord(strings.ReplaceAll(w, "$(", "$$(")); err != nil {
			return "", err
		}
	}
	return "[" + strings.Join(list, ", ") + "]", nil
}
