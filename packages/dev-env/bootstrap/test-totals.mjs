/**
 * The part of vitest's JSON report that is counted.
 * @typedef {{ status: string, assertionResults: readonly { status: string }[] }} TestFile
 */

/**
 * `N passed, N failed`, with `, N skipped` if any were. A file that failed before, or without, a failing test counts as one failure.
 * @param {{ testResults: readonly TestFile[] }} report
 */
export const totalsOf = ({ testResults }) => {
  const count = { passed: 0, failed: 0, skipped: 0 }
  for (const { status: fileStatus, assertionResults } of testResults) {
    const statuses = assertionResults.map(({ status }) => status)
    if (fileStatus === 'failed' && !statuses.includes('failed')) count.failed++
    for (const status of statuses) count[status === 'passed' || status === 'failed' ? status : 'skipped']++
  }
  const totals = `${count.passed} passed, ${count.failed} failed`
  return count.skipped === 0 ? totals : `${totals}, ${count.skipped} skipped`
}
