module.exports = async () => {
  console.log('said by the script')
  return {
    port: 8000,
    tables: ['files', 'users'].map(name => ({
      TableName: name,
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
      data: [{ id: 'a' }]
    }))
  }
}
