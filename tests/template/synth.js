// Writes the assemblies under cdk/ that the tests read: npm install && npm run synth.
'use strict'
const fs = require('node:fs')
const path = require('node:path')
const cdk = require('aws-cdk-lib')
const dynamodb = require('aws-cdk-lib/aws-dynamodb')
const sns = require('aws-cdk-lib/aws-sns')

const { AttributeType, BillingMode, ProjectionType, StreamViewType } = dynamodb

function outdir (name) {
  const folder = path.join(__dirname, 'cdk', name)
  fs.rmSync(folder, { recursive: true, force: true })
  return folder
}

// What the cdk command sets, and a program that calls the library by itself does not.
const command = { 'aws:cdk:enable-asset-metadata': true, 'aws:cdk:enable-path-metadata': true }

function app (name, context = command) {
  return new cdk.App({ outdir: outdir(name), analyticsReporting: false, treeMetadata: false, context })
}

// The list of the library's own feature flags is most of a manifest and no reader's business.
function trim (folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) trim(file)
    if (/\.metadata\.json$|^validation-report\.json$/.test(entry.name)) fs.rmSync(file)
    if (entry.name !== 'manifest.json') continue
    const manifest = JSON.parse(fs.readFileSync(file, 'utf8'))
    delete manifest.artifacts['aws-cdk-lib/feature-flag-report']
    fs.writeFileSync(file, JSON.stringify(manifest, null, 1) + '\n')
  }
}

const plain = { analyticsReporting: false }

// The first Table construct: named and not, with indexes, TTL, stream and all that a test leaves out.
class OrdersStack extends cdk.Stack {
  constructor (scope, id, props = {}) {
    super(scope, id, { ...plain, ...props })
    const suffix = props.suffix ?? ''
    const orders = new dynamodb.Table(this, 'Orders', {
      tableName: `orders${suffix}`,
      partitionKey: { name: 'tenant', type: AttributeType.STRING },
      sortKey: { name: 'id', type: AttributeType.NUMBER },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'expires',
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      contributorInsightsSpecification: { enabled: true },
      encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED,
      removalPolicy: cdk.RemovalPolicy.DESTROY
    })
    orders.addGlobalSecondaryIndex({
      indexName: 'by_day',
      partitionKey: { name: 'day', type: AttributeType.STRING },
      sortKey: { name: 'id', type: AttributeType.NUMBER },
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: ['total', 'currency']
    })
    orders.addLocalSecondaryIndex({
      indexName: 'by_total',
      sortKey: { name: 'total', type: AttributeType.NUMBER },
      projectionType: ProjectionType.KEYS_ONLY
    })
    const scaled = new dynamodb.Table(this, 'Customers', {
      partitionKey: { name: 'id', type: AttributeType.BINARY },
      readCapacity: 3,
      writeCapacity: 2
    })
    scaled.autoScaleWriteCapacity({ minCapacity: 2, maxCapacity: 9 })
      .scaleOnUtilization({ targetUtilizationPercent: 70 })
    new dynamodb.Table(this, 'Defaults', {
      partitionKey: { name: 'id', type: AttributeType.STRING }
    })
    cdk.Tags.of(orders).add('team', 'sales')
    new sns.Topic(this, 'Topic')
    this.orders = orders
    this.scaled = scaled
  }
}

class ReportsStack extends cdk.Stack {
  constructor (scope, id, { customers, ...props }) {
    super(scope, id, { ...plain, ...props })
    // A name made of a name that another stack exports.
    new dynamodb.Table(this, 'Reports', {
      tableName: cdk.Fn.join('-', ['reports', customers.tableName]),
      partitionKey: { name: 'id', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST
    })
  }
}

// TableV2 is a global table even in one Region.
class LedgerStack extends cdk.Stack {
  constructor (scope, id, props = {}) {
    super(scope, id, { ...plain, ...props })
    const suffix = props.env ? '-world' : ''
    new dynamodb.TableV2(this, 'Ledger', {
      tableName: `ledger${suffix}`,
      partitionKey: { name: 'account', type: AttributeType.STRING },
      sortKey: { name: 'at', type: AttributeType.NUMBER },
      timeToLiveAttribute: 'ttl',
      deletionProtection: true,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 7 },
      globalSecondaryIndexes: [{
        indexName: 'by_reference',
        partitionKey: { name: 'reference', type: AttributeType.STRING }
      }],
      localSecondaryIndexes: [{ indexName: 'by_amount', sortKey: { name: 'amount', type: AttributeType.NUMBER } }],
      tags: [{ key: 'team', value: 'books' }]
    })
    new dynamodb.TableV2(this, 'Quotas', {
      tableName: `quotas${suffix}`,
      partitionKey: { name: 'id', type: AttributeType.STRING },
      billing: dynamodb.Billing.provisioned({
        readCapacity: dynamodb.Capacity.fixed(4),
        writeCapacity: dynamodb.Capacity.autoscaled({ minCapacity: 2, maxCapacity: 8, seedCapacity: 3 })
      }),
      globalSecondaryIndexes: [{
        indexName: 'by_owner',
        partitionKey: { name: 'owner', type: AttributeType.STRING },
        readCapacity: dynamodb.Capacity.fixed(6)
      }]
    })
    if (props.env) {
      new dynamodb.TableV2(this, 'Worldwide', {
        tableName: 'worldwide',
        partitionKey: { name: 'id', type: AttributeType.STRING },
        tableClass: dynamodb.TableClass.STANDARD_INFREQUENT_ACCESS,
        dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
        replicas: [{ region: 'eu-west-1' }, { region: 'ap-south-1', contributorInsightsSpecification: { enabled: true } }]
      })
    }
  }
}

class CarriersNested extends cdk.NestedStack {
  constructor (scope, id, { prefix }) {
    super(scope, id)
    this.table = new dynamodb.Table(this, 'Carriers', {
      tableName: `${prefix}-carriers`,
      partitionKey: { name: 'id', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST
    })
  }
}

class ShippingStack extends cdk.Stack {
  constructor (scope, id, props = {}) {
    super(scope, id, { ...plain, ...props })
    const stage = new cdk.CfnParameter(this, 'Stage', { default: 'test', allowedValues: ['test', 'live'] })
    const live = new cdk.CfnCondition(this, 'IsLive', { expression: cdk.Fn.conditionEquals(stage, 'live') })
    const nested = new CarriersNested(this, 'Nested', { prefix: stage.valueAsString })
    const parcels = new dynamodb.Table(this, 'Parcels', {
      tableName: cdk.Fn.sub('${AWS::StackName}-parcels-${Stage}'),
      partitionKey: { name: 'id', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST
    })
    parcels.node.defaultChild.addPropertyOverride('TableClass',
      cdk.Fn.conditionIf('IsLive', 'STANDARD_INFREQUENT_ACCESS', cdk.Aws.NO_VALUE))
    const audit = new dynamodb.Table(this, 'Audit', {
      tableName: cdk.Fn.join('-', ['audit', nested.table.tableName]),
      partitionKey: { name: 'id', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST
    })
    const archive = new dynamodb.Table(this, 'Archive', {
      partitionKey: { name: 'id', type: AttributeType.STRING }
    })
    archive.node.defaultChild.cfnOptions.condition = live
    return audit && this
  }
}

function orders () {
  const made = app('orders')
  const stack = new OrdersStack(made, 'OrdersStack')
  new ReportsStack(made, 'ReportsStack', { customers: stack.scaled })
  made.synth()
}

function ledger () {
  const made = app('ledger')
  new LedgerStack(made, 'LedgerStack')
  new LedgerStack(made, 'LedgerWorld', { env: { account: '123456789012', region: 'us-east-2' } })
  made.synth()
}

function shipping (name, context) {
  const made = app(name, context)
  new ShippingStack(made, 'ShippingStack')
  made.synth()
}

// A stage is a cloud assembly inside the assembly.
function stages () {
  const made = app('stages')
  for (const name of ['Test', 'Live']) {
    const stage = new cdk.Stage(made, name)
    new OrdersStack(stage, 'Orders', { suffix: `-${name.toLowerCase()}` })
  }
  made.synth()
}

orders()
ledger()
shipping('shipping')
shipping('shipping-library', {})
stages()
trim(path.join(__dirname, 'cdk'))
