import type { PolicyDocument } from "../access/types";
export const featureStoreAccess: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: ["s3:PutObject", "s3:GetBucketAcl", "s3:PutObjectAcl"],
      Resource: ["arn:aws:s3:::*SageMaker*", "arn:aws:s3:::*Sagemaker*", "arn:aws:s3:::*sagemaker*"],
    },
    {
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: [
        "arn:aws:s3:::*SageMaker*/metadata/*",
        "arn:aws:s3:::*Sagemaker*/metadata/*",
        "arn:aws:s3:::*sagemaker*/metadata/*",
      ],
    },
    {
      Effect: "Allow",
      Action: ["glue:GetTable", "glue:UpdateTable"],
      Resource: [
        "arn:aws:glue:*:*:catalog",
        "arn:aws:glue:*:*:database/sagemaker_featurestore",
        "arn:aws:glue:*:*:table/sagemaker_featurestore/*",
      ],
    },
  ],
};
export const fullSageMaker: PolicyDocument = { Version: "2012-10-17", Statement: [] };
