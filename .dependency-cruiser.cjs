/** The arrows of ARCHITECTURE.md, checked. */
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: `^packages/${from}/src`, pathNot: '\\.test\\.ts$' },
  to: { path: '^(packages|services)/', pathNot: `^packages/(${[from, ...allowed].join('|')})/` },
})

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'packages-know-no-services',
      severity: 'error',
      from: { path: '^packages/', pathNot: '^packages/dev-env/' },
      to: { path: '^services/' },
    },
    {
      name: 'services-know-no-services',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    only('domain-imports-nothing', 'domain', []),
    only('graph-imports-nothing', 'graph', []),
    only('drift-imports-nothing', 'drift', []),
    only('steps-builds-on-nn', 'steps', ['graph', 'nn', 'onnx']),
    only('onnx-knows-graphs', 'onnx', ['graph']),
    only('nn-builds-on-onnx', 'nn', ['graph', 'onnx']),
    only('ssl-builds-on-nn', 'ssl', ['domain', 'graph', 'nn', 'onnx']),
    only('runtime-takes-bytes', 'runtime', []),
    only('video-knows-the-grid', 'video', ['domain']),
    only('service-is-the-floor', 'service', []),
    only('infrastructure-knows-the-domain', '(db|blobs|jobs|rpc)', ['domain', 'service']),
    only('recording-knows-no-plant', 'recording', ['domain', 'nn', 'onnx', 'runtime', 'ssl', 'steps', 'video']),
    only('timeline-reads', 'timeline', ['blobs', 'db', 'domain', 'onnx', 'service', 'steps']),
    {
      name: 'one-package-for-each-infrastructure',
      comment: 'Postgres, S3, Redis, ONNX Runtime and gRPC are each talked to by one package.',
      severity: 'error',
      from: {
        path: '^(packages|services)/',
        pathNot: '^packages/(db|blobs|jobs|runtime|rpc|dev-env|bench)/|\\.test\\.ts$|/test/',
      },
      to: { path: 'node_modules/(pg|@prisma/client|minio|bullmq|ioredis|onnxruntime-node|@grpc/grpc-js)/' },
    },
    {
      name: 'tests-are-not-imported',
      severity: 'error',
      from: { pathNot: '\\.test\\.ts$|/test/' },
      to: { path: '\\.test\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/generated/' },
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node'],
      extensions: ['.ts', '.mjs', '.js'],
    },
  },
}
