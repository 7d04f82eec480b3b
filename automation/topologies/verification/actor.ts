/** An identity of the verification, with real AWS clients. */
import { AthenaClient } from "@aws-sdk/client-athena";
import { GlueClient } from "@aws-sdk/client-glue";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { SageMakerFeatureStoreRuntimeClient } from "@aws-sdk/client-sagemaker-featurestore-runtime";
import { STSClient } from "@aws-sdk/client-sts";

export interface ActorConfig {
  readonly region: string;
  /** Those of the environment, if absent. */
  readonly credentials?: NonNullable<S3ClientConfig["credentials"]>;
}

/** The SDK needs credentials even if its signer uses none. */
const ANONYMOUS = {
  signer: { sign: <T>(request: T) => Promise.resolve(request) },
  credentials: { accessKeyId: "none", secretAccessKey: "none" },
};

export class Actor {
  readonly s3: S3Client;
  readonly kms: KMSClient;
  readonly records: SageMakerFeatureStoreRuntimeClient;
  readonly athena: AthenaClient;
  readonly sts: STSClient;
  readonly sagemaker: SageMakerClient;
  readonly glue: GlueClient;

  /** @param name in words, with the account: `account A's deployer` */
  constructor(
    readonly name: string,
    config: ActorConfig,
  ) {
    this.s3 = new S3Client(config);
    this.kms = new KMSClient(config);
    this.records = new SageMakerFeatureStoreRuntimeClient(config);
    this.athena = new AthenaClient(config);
    this.sts = new STSClient(config);
    this.sagemaker = new SageMakerClient(config);
    this.glue = new GlueClient(config);
  }

  /** Sends requests to Amazon S3 without a signature. */
  static anonymous(name: string, region: string): Actor {
    return new Actor(name, { region, ...ANONYMOUS });
  }

  end(): void {
    const { s3, kms, records, athena, sts, sagemaker, glue } = this;
    for (const client of [s3, kms, records, athena, sts, sagemaker, glue]) client.destroy();
  }
}
