namespace LlmMath.Cli.Tests;

/// <summary>Files of training programs.</summary>
internal static class TrainConfigSamples
{
    // After axolotl-ai-cloud/axolotl@067b021c8, examples/llama-3/lora-8b.yml.
    public const string Axolotl = """
        base_model: NousResearch/Meta-Llama-3-8B
        load_in_8bit: false
        load_in_4bit: true
        datasets:
          - path: mhenrichsen/alpaca_2k_test
            type: alpaca
        sequence_len: 4096
        sample_packing: true
        adapter: qlora
        lora_model_dir:
        lora_r: 32
        lora_alpha: 16
        lora_target_modules: &projections
          - q_proj
          - v_proj
        wandb_project:
        gradient_accumulation_steps: 4
        micro_batch_size: 2
        num_epochs: 4
        optimizer: adamw_bnb_8bit
        learning_rate: 0.0002
        bf16: auto
        gradient_checkpointing: true
        flash_attention: true
        layer_offloading: true
        special_tokens:
          pad_token: <|end_of_text|>
        """;

    // After hiyouga/LLaMA-Factory@ff6d4d12e, examples/deepspeed/ds_z3_offload_config.json.
    public const string DeepSpeed = """
        {
          "train_batch_size": "auto", "train_micro_batch_size_per_gpu": "auto", "gradient_accumulation_steps": "auto",
          "gradient_clipping": "auto", "bf16": { "enabled": "auto" },
          "zero_optimization": {
            "stage": 3, "offload_optimizer": { "device": "cpu", "pin_memory": true }, "overlap_comm": false,
            "reduce_bucket_size": "auto", "stage3_max_live_parameters": 1e9
          }
        }
        """;

    public const string Arguments = """
        { "output_dir": "out", "per_device_train_batch_size": 2, "gradient_accumulation_steps": 8, "bf16": true,
          "gradient_checkpointing": true, "optim": "adamw_torch", "max_steps": 100, "learning_rate": 5e-05, "fp16": false,
          "use_liger_kernel": true, "max_length": 1024, "tp_plan": null, "galore": "yes" }
        """;

    public const string Adapter = """
        { "peft_type": "LORA", "base_model_name_or_path": "meta-llama/Llama-3.1-8B", "r": 16, "lora_alpha": 32, "bias": "none",
          "target_modules": ["q_proj", "v_proj"], "use_dora": false, "rank_pattern": { "q_proj": 8 },
          "layer_replication": [[0, 4]], "modules_to_save": null }
        """;

    // After LLaMA-Factory's examples/train_lora/qwen3_lora_sft.yaml.
    public const string Factory = """
        model_name_or_path: qwen3-4b
        stage: sft
        do_train: true
        finetuning_type: lora
        lora_rank: 8
        lora_target: all
        dataset: identity,alpaca_en_demo
        template: qwen3_nothink
        cutoff_len: 2048
        output_dir: saves/qwen3-4b/lora/sft
        per_device_train_batch_size: 1
        gradient_accumulation_steps: 8
        learning_rate: 1.0e-4
        bf16: true
        resume_from_checkpoint: null
        """;

    public static IReadOnlyList<string> All { get; } = [Axolotl, DeepSpeed, Arguments, Adapter, Factory];
}
