// Prints the findings of a SARIF file as GitLab's Code Quality report, which merge requests show beside the changed lines.
//
//   node ci/code-quality.mjs mtls-results/mtls.sarif > gl-code-quality-report.json
import { readFileSync } from 'node:fs';

const SEVERITIES = { error: 'critical', warning: 'major', note: 'info' };

/**
 * @typedef {{ artifactLocation: { uri: string }, region?: { startLine: number } }} Place
 * @typedef {{ ruleId: string, level: keyof typeof SEVERITIES, message: { text: string }, locations: { physicalLocation: Place }[],
 *   partialFingerprints: Record<string, string> }} Result
 */

/** @type {{ results: Result[] }[]} */
const [run] = JSON.parse(readFileSync(process.argv[2], 'utf8')).runs;
const issues = run.results.map(({ ruleId, level, message, locations, partialFingerprints }) => {
  const { artifactLocation, region } = locations[0].physicalLocation;
  return {
    description: `${ruleId}: ${message.text}`,
    check_name: ruleId,
    fingerprint: Object.values(partialFingerprints)[0],
    severity: SEVERITIES[level],
    location: { path: decodeURIComponent(artifactLocation.uri), lines: { begin: region?.startLine ?? 1 } },
  };
});
console.log(JSON.stringify(issues, undefined, 2));
